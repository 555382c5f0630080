namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>Pace of a fan-out.</summary>
internal sealed record FanoutOptions
{
    public static readonly FanoutOptions Default = new();

    /// <summary>Packets of the past that a newcomer gets per step.</summary>
    public int ReplayBurst { get; init; } = 64;

    /// <summary>Time between the steps: 64 packets each 4 ms are 150 Mbit/s.</summary>
    public TimeSpan ReplayStep { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>A newcomer that starts from an older keyframe asks for a fresh one too.</summary>
    public TimeSpan FreshKeyframe { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time between two sender reports of a track.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from the start of a track to its first one: until then the browser cannot align sound and picture.</summary>
    public TimeSpan FirstReport { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Time to the next try while there is nothing to report on.</summary>
    public TimeSpan ReportRetry { get; init; } = TimeSpan.FromMilliseconds(200);

    public PacketStoreOptions Video { get; init; } = PacketStoreOptions.Video;

    public PacketStoreOptions Audio { get; init; } = PacketStoreOptions.Audio;
}
