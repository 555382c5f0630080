using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling.Session;

/// <summary>The <c>info</c> strings of stream statuses; pages compare them literally.</summary>
internal static class StreamInfo
{
    public const string NotFound = "Stream not found";
    public const string NotReady = "Publish stream is not ready";
    public const string NameTaken = "Stream name is already in use";
    public const string IdMissing = "MediaSessionId is null";
    public const string IdTaken = "MediaSessionId is already in use";
    public const string SessionNotReady = "Session not ready";
    public const string NoCommonCodecs = "No common codecs";
    public const string BadName = "Bad URI";
    public const string Restricted = "Restricted access";
    public const string NeedsTranscoding = "Transcoding required, but disabled";
    public const string NoTranscoders = "No available transcoders";
    public const string Error = "Failed by error";
    public const string StoppedByUser = "Stopped by user";
    public const string StoppedByPublisher = "Stopped by publisher stop";
    public const string StoppedByRest = "Stopped by rest /terminate";
    public const string StoppedByDisconnect = "Stopped by session disconnect";
    public const string Shutdown = "Requested stream shutdown";
    public const string IceTimeout = "Failed by ICE timeout";
    public const string IceKeepAlive = "Failed by ICE keep alive";
    public const string DtlsError = "Failed by DTLS error";
    public const string DtlsFingerprint = "Failed by DTLS fingerprint error";
    public const string StreamFailed = "Stream failed";
    public const string RtpActivity = "Failed by RTP activity";
    public const string RtmpWriter = "Failed by RTMP writer error";

    /// <summary>The string for what the engine could not do.</summary>
    public static string Of(Failure failure) => failure.Code switch
    {
        "stream-not-found" => NotFound,
        "stream-not-ready" => NotReady,
        "stream-taken" or "name-taken" => NameTaken,
        "no-common-codec" => NoCommonCodecs,
        "needs-ffmpeg" => NoTranscoders,
        "not-running" => SessionNotReady,
        "login-needed" or "link-needed" or "link-forged" or "link-expired" or "link-revoked" or "link-other-stream" or "link-full" or "viewer-removed" => Restricted,
        _ => Error,
    };

    /// <summary>Status and string for the end of a browser's session.</summary>
    public static (bool Failed, string Info) Of(BrowserEnd end) => end switch
    {
        BrowserEnd.StreamEnded => (false, StoppedByPublisher),
        BrowserEnd.StreamSilent => (true, RtpActivity),
        BrowserEnd.ClosedByBrowser => (false, StoppedByUser),
        BrowserEnd.Terminated => (false, StoppedByRest),
        BrowserEnd.StreamFailed => (true, StreamFailed),
        BrowserEnd.Lost => (true, IceKeepAlive),
        BrowserEnd.HandshakeFailed => (true, DtlsError),
        BrowserEnd.WrongFingerprint => (true, DtlsFingerprint),
        BrowserEnd.Shutdown => (false, Shutdown),
        _ => (true, Error),
    };
}

/// <summary>Why a browser's session with the engine ended.</summary>
internal enum BrowserEnd
{
    /// <summary>The stream it watched is over.</summary>
    StreamEnded,

    /// <summary>The stream ended because no media came any more.</summary>
    StreamSilent,

    /// <summary>The browser closed its connection.</summary>
    ClosedByBrowser,

    /// <summary>The stream ended by a failure of what fed it.</summary>
    StreamFailed,

    /// <summary>Somebody ended it by REST or on a page.</summary>
    Terminated,

    /// <summary>It never came through to the media port, or is heard no more.</summary>
    Lost,

    /// <summary>The DTLS handshake failed.</summary>
    HandshakeFailed,

    /// <summary>The certificate was not the one of the offer.</summary>
    WrongFingerprint,

    /// <summary>The server goes down.</summary>
    Shutdown,

    /// <summary>For another reason.</summary>
    Failed,
}
