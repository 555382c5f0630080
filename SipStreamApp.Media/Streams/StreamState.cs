namespace SipStreamApp.Media.Streams;

/// <summary>Life of a named stream.</summary>
public enum StreamState
{
    /// <summary>The name is taken by a call that has no media yet.</summary>
    Reserved,

    /// <summary>Its tracks are known; media flows or is about to.</summary>
    Live,

    /// <summary>The input has ended; the name is free again.</summary>
    Ended,
}

/// <summary>Why a stream ended, as its viewers are told.</summary>
public enum StreamEndReason
{
    /// <summary>The call was ended by either side in the normal way.</summary>
    PublisherStopped,

    /// <summary>The call failed before or while it was up.</summary>
    PublisherFailed,

    /// <summary>No RTP came for longer than the limit.</summary>
    RtpSilence,

    /// <summary>An operator or the REST API ended the stream.</summary>
    Terminated,

    /// <summary>The server is going down.</summary>
    Shutdown,
}
