using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>
/// A reader's place at a stream: a bounded ring that the publisher fills and one reader empties. A reader that is too slow loses
/// what is queued and goes on at the next keyframe; it never holds the publisher back.
/// </summary>
internal sealed class Subscription : IDisposable
{
    private readonly StreamItem[] _ring;
    private readonly LiveStream _stream;
    private readonly Action _wake;
    private long _head;
    private long _tail;
    private long _dropped;
    private volatile bool _overflowed;
    private bool _skipping;
    private int _closed;

    internal Subscription(LiveStream stream, string kind, int capacity, Action wake)
    {
        (_stream, Kind, _wake) = (stream, kind, wake);
        _ring = new StreamItem[capacity];
    }

    /// <summary>What sort of output reads here ("webrtc", "hls", "recording"), for snapshots.</summary>
    public string Kind { get; }

    /// <summary>The stream that is read.</summary>
    public LiveStream Stream => _stream;

    /// <summary>Frames this reader lost by being too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Why the stream ended, or null while it goes on. Queued frames can still be read.</summary>
    public StreamEndReason? EndReason { get; private set; }

    /// <summary>The codec of the derived track that is read in place of the source's sound; null where that is read itself. Changed under the stream's lock only.</summary>
    public Codec? Derived { get; internal set; }

    /// <summary>Goes on with the derived AAC track in place of the source's sound, or back.</summary>
    public void ListenTo(bool aac) => ListenTo(aac ? Codec.Aac : null);

    /// <summary>Goes on with a derived track of that codec in place of the source's sound; null: back to the source's.</summary>
    public void ListenTo(Codec? derived) => _stream.ListenTo(this, derived);

    /// <summary>Takes the next frame; the caller then owns a lease. Reader's side only.</summary>
    public bool TryRead(out StreamItem item)
    {
        if (_overflowed)
        {
            // Old pictures are worthless to a reader that fell behind: let them go at once, so that there is room for the keyframe.
            Discard(Volatile.Read(ref _tail));
            _overflowed = false;
        }

        var head = _head;
        if (head == Volatile.Read(ref _tail))
        {
            item = default;
            return false;
        }

        item = _ring[head % _ring.Length];
        _ring[head % _ring.Length] = default;
        Volatile.Write(ref _head, head + 1);
        return true;
    }

    /// <summary>Leaves the stream and releases what is queued. Reader's side only.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _stream.Leave(this);
        Discard(Volatile.Read(ref _tail));
    }

    // Publisher's side, under the stream's lock.
    internal void Offer(MediaFrame frame, bool replayed, bool canStart)
    {
        var full = _tail - Volatile.Read(ref _head) >= _ring.Length;
        if (_skipping ? full || _overflowed || !canStart : full)
        {
            if (!_skipping)
            {
                _skipping = true;
                _overflowed = true;
                _stream.RequestKeyframe();
            }

            Interlocked.Increment(ref _dropped);
            return;
        }

        _ring[_tail % _ring.Length] = new StreamItem(frame.Retain(), replayed, _skipping);
        _skipping = false;
        Volatile.Write(ref _tail, _tail + 1);
    }

    internal bool Takes(MediaFrame frame) => frame.Format.Kind == MediaKind.Video || (Derived is { } derived ? frame.Format.Codec == derived : frame.Format.Codec != Codec.Aac);

    internal void Wake() => _wake();

    internal void End(StreamEndReason reason)
    {
        EndReason = reason;
        _wake();
    }

    private void Discard(long end)
    {
        for (; _head < end; Volatile.Write(ref _head, _head + 1))
        {
            ref var slot = ref _ring[_head % _ring.Length];
            slot.Frame?.Release();
            slot = default;
            if (_closed == 0) Interlocked.Increment(ref _dropped);
        }
    }
}
