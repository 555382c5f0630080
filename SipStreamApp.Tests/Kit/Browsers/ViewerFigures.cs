namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>What a browser has really received and decoded so far.</summary>
/// <param name="Error">What went wrong, or null.</param>
/// <param name="FirstFrameMs">From the first try to the first decoded picture; 0 before it.</param>
/// <param name="ConnectToFrameMs">From the answer to the first decoded picture; 0 before it.</param>
/// <param name="FramesDecoded">Pictures decoded.</param>
/// <param name="Width">Picture width.</param>
/// <param name="Height">Picture height.</param>
/// <param name="AudioPackets">Sound packets received.</param>
/// <param name="AudioEnergy">Total energy of the decoded sound.</param>
/// <param name="VideoPackets">Picture packets received.</param>
/// <param name="VideoLost">Picture packets that were missing at first, those that came again included.</param>
/// <param name="FreezeSeconds">Sum of all freezes.</param>
/// <param name="LongestGapMs">Longest time between two presented pictures since the last reset.</param>
/// <param name="Codecs">Codecs in use, "video/H264" style.</param>
/// <param name="JitterBufferMs">Mean delay of the picture in the browser's buffer since the last figures.</param>
/// <param name="Tries">WHEP requests made.</param>
internal sealed record ViewerFigures(
    string? Error, double FirstFrameMs, double ConnectToFrameMs, int FramesDecoded, int Width, int Height, int AudioPackets,
    double AudioEnergy, int VideoPackets, int VideoLost, double FreezeSeconds, double LongestGapMs, string[] Codecs, double JitterBufferMs, int Tries)
{
    /// <summary>Freezes as the browser counts them: a gap of three picture times, and 150 ms at least.</summary>
    public int Freezes { get; init; }

    /// <summary>Packets that came by retransmission (RTX).</summary>
    public int Retransmitted { get; init; }

    /// <summary>NACK messages the browser sent for the picture.</summary>
    public int Nacks { get; init; }

    /// <summary>Keyframes the browser asked for.</summary>
    public int Plis { get; init; }

    /// <summary>Mean delay of the sound in the browser's buffer since the last figures.</summary>
    public double SoundBufferMs { get; init; }

    /// <summary>When each step was reached, in milliseconds after the first try: called, accepted, answered, ice, connected, packet, frame.</summary>
    public Dictionary<string, double> Steps { get; init; } = [];

    public string StepText => string.Join(", ", Steps.OrderBy(s => s.Value).Select(s => $"{s.Key} {s.Value:F0}"));
}

/// <summary>A numbered picture on a viewer's screen.</summary>
/// <param name="N">Its number.</param>
/// <param name="At">When it was presented, in milliseconds of Unix time.</param>
internal sealed record ShownPicture(int N, double At);
