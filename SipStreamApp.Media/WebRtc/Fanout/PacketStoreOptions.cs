namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>Bounds of a <see cref="PacketStore"/>.</summary>
internal sealed record PacketStoreOptions
{
    /// <summary>Picture: grows to hold everything since the last keyframe, so that a late viewer starts from it.</summary>
    public static readonly PacketStoreOptions Video = new();

    /// <summary>Sound: some seconds are enough.</summary>
    public static readonly PacketStoreOptions Audio = new() { FirstPackets = 128, FirstBytes = 32 * 1024, MaxPackets = 512, MaxBytes = 512 * 1024 };

    /// <summary>Packets it has room for at first; a power of two.</summary>
    public int FirstPackets { get; init; } = 256;

    /// <summary>Bytes it has room for at first.</summary>
    public int FirstBytes { get; init; } = 256 * 1024;

    /// <summary>Packets at most; a power of two.</summary>
    public int MaxPackets { get; init; } = 16 * 1024;

    /// <summary>Bytes at most.</summary>
    public int MaxBytes { get; init; } = 16 << 20;

    /// <summary>What is older is of no use to a resend.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Nor is what so many packets have followed.</summary>
    public int KeepPackets { get; init; } = 1024;
}
