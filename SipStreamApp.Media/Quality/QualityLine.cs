namespace SipStreamApp.Media.Quality;

/// <summary>
/// The last buckets of one medium, written by one thread and read by others. It takes room by the minute, as the call goes on: most calls are short.
/// </summary>
/// <param name="capacity">Seconds kept at least; up to a minute more.</param>
internal sealed class QualityLine(int capacity)
{
    private const int Chunk = 60;
    private const int FirstRoom = 10;

    private readonly Lock _gate = new();

    // All are full but the last one.
    private readonly List<QualityBucket[]> _chunks = [];
    private long _dropped;
    private long _count;

    /// <summary>Seconds written so far, those that fell out included.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The second behind the newest bucket; 0 before the first.</summary>
    public int Next
    {
        get
        {
            lock (_gate) return _count == 0 ? 0 : At(_count - 1).Second + 1;
        }
    }

    /// <summary>Bytes of the buckets' room at this moment.</summary>
    public long Room
    {
        get
        {
            lock (_gate) return _chunks.Sum(c => (long)c.Length) * System.Runtime.CompilerServices.Unsafe.SizeOf<QualityBucket>();
        }
    }

    public void Add(in QualityBucket bucket)
    {
        lock (_gate)
        {
            var slot = (int)((_count - _dropped) % Chunk);
            if (slot == 0) Open();
            if (slot == _chunks[^1].Length)
            {
                var wider = _chunks[^1];
                Array.Resize(ref wider, Math.Min(Chunk, 2 * slot));
                _chunks[^1] = wider;
            }

            _chunks[^1][slot] = bucket;
            _count++;
        }
    }

    /// <summary>The buckets from <paramref name="second"/> on that are still kept, oldest first, without those from <paramref name="end"/> on.</summary>
    public QualityBucket[] From(int second, int end = int.MaxValue)
    {
        lock (_gate)
        {
            // Looked for from the end: nearly always only the last one is wanted.
            var from = _count;
            while (from > _dropped && At(from - 1).Second >= second) from--;
            var to = _count;
            while (to > from && At(to - 1).Second >= end) to--;
            var found = new QualityBucket[to - from];
            for (var i = 0; i < found.Length; i++) found[i] = At(from + i);
            return found;
        }
    }

    // A full line hands the room of its oldest minute on to the newest.
    private void Open()
    {
        if (_count - _dropped < capacity + Chunk)
        {
            _chunks.Add(new QualityBucket[_chunks.Count == 0 ? FirstRoom : Chunk]);
            return;
        }

        var oldest = _chunks[0];
        _chunks.RemoveAt(0);
        _chunks.Add(oldest);
        _dropped += Chunk;
    }

    private ref QualityBucket At(long number) => ref _chunks[(int)((number - _dropped) / Chunk)][(number - _dropped) % Chunk];
}
