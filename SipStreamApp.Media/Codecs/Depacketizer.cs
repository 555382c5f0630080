using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Puts frames together from the payloads of RTP packets. Push packets in sequence order, then drain.</summary>
internal abstract class Depacketizer(TrackFormat format, MediaFramePool pool, DepacketizerOptions options)
{
    // A push yields two frames at most; a caller that forgets to drain must not grow us.
    private const int MaxReady = 16;

    private readonly Queue<AssembledFrame> _ready = new(MaxReady);

    /// <summary>What the frames are; a new object when parameter sets or the picture size change.</summary>
    public TrackFormat Format { get; protected set; } = format;

    /// <summary>True from a loss (or a start in the middle) until a keyframe is delivered. The caller makes PLI, FIR or INFO of it.</summary>
    public bool KeyframeWanted { get; protected set; }

    /// <summary>Frames handed out.</summary>
    public long FramesDelivered { get; private set; }

    /// <summary>Frames that lacked a packet or were malformed.</summary>
    public long FramesIncomplete { get; protected set; }

    /// <summary>Whole frames withheld because one they build on was lost.</summary>
    public long FramesWithheld { get; protected set; }

    /// <summary>Frames beyond <see cref="DepacketizerOptions.MaxFrameBytes"/>.</summary>
    public long FramesOversize { get; protected set; }

    /// <summary>Packets of a kind that is not supported or not valid.</summary>
    public long PacketsRefused { get; protected set; }

    protected DepacketizerOptions Options { get; } = options;

    /// <summary>Makes the depacketiser of a codec. Throws for AAC, which never comes by RTP here.</summary>
    public static Depacketizer Create(TrackFormat format, MediaFramePool pool, DepacketizerOptions? options = null) => format.Codec switch
    {
        Codec.H264 => new H264Depacketizer(format, pool, options ?? DepacketizerOptions.Default),
        Codec.Vp8 => new Vp8Depacketizer(format, pool, options ?? DepacketizerOptions.Default),
        Codec.Pcmu or Codec.Pcma or Codec.G722 or Codec.Opus =>
            new AudioDepacketizer(format, pool, options ?? DepacketizerOptions.Default),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.Codec, "No RTP payload format for this codec."),
    };

    /// <summary>Takes the payload of the next packet.</summary>
    /// <param name="payload">RTP payload without header and padding; copied.</param>
    /// <param name="marker">The RTP marker bit.</param>
    /// <param name="mediaTicks">The RTP timestamp without its wrap.</param>
    /// <param name="gapBefore">True where packets directly before this one are missing for good.</param>
    /// <param name="arrivedAt">When the packet arrived.</param>
    public abstract void Push(ReadOnlySpan<byte> payload, bool marker, long mediaTicks, bool gapBefore, Instant arrivedAt);

    /// <summary>Forgets a frame in the making (source change, hold): what comes next starts afresh after a gap.</summary>
    public abstract void Restart();

    /// <summary>Takes the next whole frame. The lease on it passes to the caller.</summary>
    public bool TryTake(out AssembledFrame frame) => _ready.TryDequeue(out frame);

    protected void Deliver(
        ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool isKeyframe, long mediaTicks, Instant arrivedAt, bool afterGap)
    {
        var length = head.Length + body.Length;
        var frame = pool.Rent(length, out var room);
        head.CopyTo(room);
        body.CopyTo(room[head.Length..]);
        if (_ready.Count >= MaxReady) _ready.Dequeue().Frame.Release();
        _ready.Enqueue(new AssembledFrame(frame, length, Format, isKeyframe, mediaTicks, arrivedAt, afterGap));
        FramesDelivered++;
    }
}
