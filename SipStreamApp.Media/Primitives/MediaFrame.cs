using System.Buffers;

namespace SipStreamApp.Media.Primitives;

/// <summary>
/// One access unit of picture, or the payload of one packet of sound, on its way through the hub.
/// A counted lease on a pooled buffer: whoever keeps a frame retains it, and releases it once.
/// </summary>
/// <remarks>
/// Layout of <see cref="Data"/>: H.264 is a run of NAL units, each behind its length in 4 bytes (big-endian), as MP4 stores it;
/// parameter sets stay inside the keyframes. VP8 is the bare frame. Sound is the RTP payload.
/// Everything but the count is written by the producer before the frame is published and read-only after.
/// </remarks>
public sealed class MediaFrame
{
    private readonly MediaFramePool _pool;
    private byte[] _buffer = [];
    private int _leases;

    internal MediaFrame(MediaFramePool pool) => _pool = pool;

    /// <summary>What the bytes are.</summary>
    public TrackFormat Format { get; private set; } = null!;

    /// <summary>Number of bytes in <see cref="Data"/>.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; valid while a lease is held.</summary>
    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, Length);

    /// <summary>The bytes as memory, for asynchronous writers; valid while a lease is held.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>True where decoding can start (IDR, VP8 key frame); true for all sound.</summary>
    public bool IsKeyframe { get; private set; }

    /// <summary>Media time in ticks of <see cref="TrackFormat.ClockRate"/>: the RTP timestamp without its wrap, continuous over an SSRC change.</summary>
    public long MediaTicks { get; private set; }

    /// <summary>Position on the stream's common time line, the same for sound and picture (RTCP sender reports).</summary>
    public TimeSpan StreamTime { get; private set; }

    /// <summary>When the first byte of it reached this machine.</summary>
    public Instant ArrivedAt { get; private set; }

    /// <summary>True for the first frame after a gap (loss, hold, source change): outputs must not stretch the one before over it.</summary>
    public bool AfterGap { get; private set; }

    /// <summary>Bytes it has room for.</summary>
    internal int Capacity => _buffer.Length;

    /// <summary>Room for a producer to write <paramref name="capacity"/> bytes before <see cref="Complete"/>.</summary>
    internal Span<byte> Prepare(int capacity)
    {
        if (_buffer.Length < capacity)
        {
            if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        }

        return _buffer;
    }

    /// <summary>Ends writing: from here on the frame is read-only and has one lease, the producer's.</summary>
    public void Complete(TrackFormat format, int length, bool isKeyframe, long mediaTicks, TimeSpan streamTime, Instant arrivedAt, bool afterGap = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _buffer.Length);
        (Format, Length, IsKeyframe, MediaTicks) = (format, length, isKeyframe, mediaTicks);
        (StreamTime, ArrivedAt, AfterGap) = (streamTime, arrivedAt, afterGap);
    }

    /// <summary>Takes one more lease; returns the frame for chaining.</summary>
    public MediaFrame Retain()
    {
        if (Interlocked.Increment(ref _leases) <= 1) throw new InvalidOperationException("The frame was already returned to its pool.");
        return this;
    }

    /// <summary>Gives one lease back; the last one returns the buffer to its pool.</summary>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _leases);
        if (left == 0) _pool.Return(this);
        else if (left < 0) throw new InvalidOperationException("The frame was released more often than retained.");
    }

    internal void StartLease() => _leases = 1;
}
