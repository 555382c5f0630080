namespace SipStreamApp.Media.Sdp;

/// <summary>How reading or negotiating a session description ended.</summary>
internal enum SdpStatus
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>The text is not SDP, or a line without which it means nothing (m=, c=) cannot be read.</summary>
    Malformed,

    /// <summary>More bytes, lines or media lines than <see cref="SdpLimits"/> allows.</summary>
    TooLarge,

    /// <summary>No audio or video line is left that both ends take.</summary>
    NoMedia,

    /// <summary>Media lines are there, but none with a codec both ends have.</summary>
    NoCommonCodec,

    /// <summary>A media line that is in use has no c= line, neither its own nor the session's.</summary>
    MissingConnection,

    /// <summary>The transport on offer cannot be served: profile, keying, or a DTLS role we cannot take.</summary>
    UnsupportedTransport,

    /// <summary>WebRTC: no ICE user fragment and password, or no certificate fingerprint.</summary>
    MissingTransport,

    /// <summary>An answer came although no offer is open.</summary>
    NoOfferOpen,
}

/// <summary>A status with the place it belongs to.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Line">Line of the text, from 1; 0 where no single line is to blame.</param>
/// <param name="Detail">A few words for the log.</param>
internal readonly record struct SdpProblem(SdpStatus Status, int Line = 0, string Detail = "")
{
    public bool IsOk => Status == SdpStatus.Ok;

    public override string ToString() => Line > 0 ? $"{Status} at line {Line}: {Detail}" : $"{Status}: {Detail}";
}

/// <summary>What a peer may make us read.</summary>
internal sealed record SdpLimits
{
    public static readonly SdpLimits Default = new();

    /// <summary>Largest text in bytes.</summary>
    public int MaxBytes { get; init; } = 64 * 1024;

    /// <summary>Most lines, empty ones included.</summary>
    public int MaxLines { get; init; } = 1000;

    /// <summary>Most m= lines.</summary>
    public int MaxMedia { get; init; } = 64;
}
