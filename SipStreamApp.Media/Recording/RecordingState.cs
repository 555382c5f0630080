namespace SipStreamApp.Media.Recording;

/// <summary>Life of a recording.</summary>
public enum RecordingState
{
    /// <summary>It is being written.</summary>
    Recording,

    /// <summary>The call is over; the file is being made ready.</summary>
    Finishing,

    /// <summary>The file can be played and downloaded.</summary>
    Ready,

    /// <summary>There is no file; the reason says why.</summary>
    Failed,
}
