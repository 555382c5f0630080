using System.Collections.Concurrent;
using System.Numerics;

namespace SipStreamApp.Media.Primitives;

/// <summary>Lends <see cref="MediaFrame"/>s. Any thread may rent or return; a warm pool allocates nothing.</summary>
/// <remarks>
/// Idle frames wait by the size of their buffer, a class for each power of two. In one queue for all of them each frame sooner or later
/// carries a keyframe, keeps its room for good, and a packet of sound of 160 bytes holds on to 16 KB.
/// </remarks>
public sealed class MediaFramePool
{
    // 256 B (a packet of sound) to 4 MB (a keyframe beyond all use; larger ones lie in the last class).
    private const int SmallestBits = 8, Classes = 15;

    // Beyond so many idle frames, or bytes, of a class the garbage collector may have them: a burst must not be kept for ever.
    private const int MaxIdle = 4096, MaxIdleBytes = 8 << 20;

    private readonly ConcurrentQueue<MediaFrame>[] _idle = [.. Enumerable.Range(0, Classes).Select(_ => new ConcurrentQueue<MediaFrame>())];
    private readonly int[] _idleCount = new int[Classes];
    private int _out;

    /// <summary>Frames that are rented and not yet returned: 0 when nothing is live (leak tests).</summary>
    public int Outstanding => Volatile.Read(ref _out);

    /// <summary>Bytes of the buffers that idle frames keep.</summary>
    public long IdleBytes => Enumerable.Range(0, Classes).Sum(i => (long)Volatile.Read(ref _idleCount[i]) << i + SmallestBits);

    /// <summary>A frame with one lease and room for <paramref name="capacity"/> bytes, to be written through <paramref name="room"/>.</summary>
    public MediaFrame Rent(int capacity, out Span<byte> room)
    {
        var size = ClassOf((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity)));
        if (_idle[size].TryDequeue(out var frame)) Interlocked.Decrement(ref _idleCount[size]);
        else frame = new MediaFrame(this);
        frame.StartLease();
        Interlocked.Increment(ref _out);
        room = frame.Prepare(Math.Max(capacity, 1 << SmallestBits));
        return frame;
    }

    internal void Return(MediaFrame frame)
    {
        Interlocked.Decrement(ref _out);
        var size = ClassOf(frame.Capacity);
        if (Volatile.Read(ref _idleCount[size]) >= Math.Min(MaxIdle, MaxIdleBytes >> size + SmallestBits)) return;
        Interlocked.Increment(ref _idleCount[size]);
        _idle[size].Enqueue(frame);
    }

    private static int ClassOf(int bytes) => Math.Clamp(BitOperations.Log2((uint)bytes) - SmallestBits, 0, Classes - 1);
}
