using System.Collections.Concurrent;

namespace SipStreamApp.Media.Primitives;

/// <summary>Lends <see cref="MediaFrame"/>s. Any thread may rent or return; a warm pool allocates nothing.</summary>
public sealed class MediaFramePool
{
    // Beyond this many idle frames the garbage collector may have them: a burst must not be kept for ever.
    private const int MaxIdle = 4096;

    private readonly ConcurrentQueue<MediaFrame> _idle = new();
    private int _idleCount;
    private int _out;

    /// <summary>Frames that are rented and not yet returned: 0 when nothing is live (leak tests).</summary>
    public int Outstanding => Volatile.Read(ref _out);

    /// <summary>A frame with one lease and room for <paramref name="capacity"/> bytes, to be written through <paramref name="room"/>.</summary>
    public MediaFrame Rent(int capacity, out Span<byte> room)
    {
        if (_idle.TryDequeue(out var frame)) Interlocked.Decrement(ref _idleCount);
        else frame = new MediaFrame(this);
        frame.StartLease();
        Interlocked.Increment(ref _out);
        room = frame.Prepare(capacity);
        return frame;
    }

    internal void Return(MediaFrame frame)
    {
        Interlocked.Decrement(ref _out);
        if (Volatile.Read(ref _idleCount) >= MaxIdle) return;
        Interlocked.Increment(ref _idleCount);
        _idle.Enqueue(frame);
    }
}
