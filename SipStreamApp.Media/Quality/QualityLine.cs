namespace SipStreamApp.Media.Quality;

/// <summary>The last buckets of one medium: a ring written by one thread and read by others.</summary>
/// <param name="capacity">Seconds kept.</param>
internal sealed class QualityLine(int capacity)
{
    private readonly Lock _gate = new();
    private readonly QualityBucket[] _ring = new QualityBucket[capacity];
    private long _count;

    /// <summary>Seconds written so far, those that fell out included.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The second behind the newest bucket; 0 before the first.</summary>
    public int Next
    {
        get
        {
            lock (_gate) return _count == 0 ? 0 : _ring[(_count - 1) % capacity].Second + 1;
        }
    }

    public void Add(in QualityBucket bucket)
    {
        lock (_gate) _ring[_count++ % capacity] = bucket;
    }

    /// <summary>The buckets from <paramref name="second"/> on that are still kept, oldest first, without those from <paramref name="end"/> on.</summary>
    public QualityBucket[] From(int second, int end = int.MaxValue)
    {
        lock (_gate)
        {
            var first = Math.Max(0, _count - capacity);
            // Looked for from the end: nearly always only the last one is wanted.
            var from = _count;
            while (from > first && _ring[(from - 1) % capacity].Second >= second) from--;
            var to = _count;
            while (to > from && _ring[(to - 1) % capacity].Second >= end) to--;
            var found = new QualityBucket[to - from];
            for (var i = 0; i < found.Length; i++) found[i] = _ring[(from + i) % capacity];
            return found;
        }
    }
}
