using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>Sound or picture of a watched stream, cut into packets once for all viewers.</summary>
internal sealed class FanoutTrack(MediaKind kind, PacketStoreOptions options)
{
    /// <summary>Largest payload: with header, SRTP tag and the two bytes of RTX a packet stays under 1250 bytes, which tunnels leave whole.</summary>
    public const int MaxPayload = 1180;

    private IPacketizer? _packetizer;
    private Codec? _codec;

    public MediaKind Kind { get; } = kind;

    public PacketStore Store { get; } = new(options);

    /// <summary>Frames so far; the last one has the number before.</summary>
    public long Frames { get; private set; }

    /// <summary>Media time of the last frame, cut to 32 bits.</summary>
    public uint LastTimestamp { get; private set; }

    /// <summary>Place of the last frame on the stream's time line.</summary>
    public TimeSpan LastStreamTime { get; private set; }

    public int ClockRate { get; private set; }

    /// <summary>When the last live frame was taken; <see cref="Instant.Never"/> before the first. Sender reports count from here.</summary>
    public Instant LastLiveAt { get; private set; } = Instant.Never;

    /// <summary>When the keyframe came that newcomers start with.</summary>
    public Instant GopStartedAt { get; private set; } = Instant.Never;

    /// <summary>Cuts a frame into packets. The lease stays with the caller.</summary>
    public void Add(MediaFrame frame, bool replayed, Instant now)
    {
        if (_packetizer is null || _codec != frame.Format.Codec)
        {
            _packetizer = Packetizer.Create(frame.Format);
            _codec = frame.Format.Codec;
            Store.ForgetGop();
        }

        var timestamp = unchecked((uint)frame.MediaTicks);
        if (Kind == MediaKind.Video && frame.IsKeyframe)
        {
            Store.MarkKeyframe();
            GopStartedAt = frame.ArrivedAt;
        }

        _packetizer.Begin(frame, MaxPayload);
        while (_packetizer.TryNext(Store.Reserve(MaxPayload, now), out var length, out var marker))
            Store.Commit(length, marker, frame.Format.Codec, timestamp, Frames, now);
        Frames++;
        (LastTimestamp, LastStreamTime, ClockRate) = (timestamp, frame.StreamTime, frame.Format.ClockRate);
        if (!replayed) LastLiveAt = now;
    }
}
