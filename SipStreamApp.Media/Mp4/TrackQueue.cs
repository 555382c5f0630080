namespace SipStreamApp.Media.Mp4;

/// <summary>Why a fragment has to end before a sample.</summary>
internal enum CutBefore : byte
{
    /// <summary>It need not.</summary>
    No,

    /// <summary>A part ends, or a hole lies between.</summary>
    Fragment,

    /// <summary>A segment starts here.</summary>
    Segment,
}

/// <summary>A sample that waits to be written.</summary>
internal record struct QueuedSample(long Time, long Duration, int Offset, int Size, bool IsKeyframe, CutBefore Cut);

/// <summary>Samples of one track that wait for their fragment: a list and one buffer with their bytes. Both are used again.</summary>
internal sealed class TrackQueue
{
    private QueuedSample[] _samples = new QueuedSample[64];
    private byte[] _data = new byte[4096];

    /// <summary>Samples in the queue; the last one's duration may be open.</summary>
    public int Count { get; private set; }

    /// <summary>Samples from the front with a known duration.</summary>
    public int Complete => Count > 0 && _samples[Count - 1].Duration == 0 ? Count - 1 : Count;

    /// <summary>Bytes of all samples.</summary>
    public int DataLength { get; private set; }

    /// <summary>Index of the first sample, other than the foremost, that a cut must come before; -1 where there is none.</summary>
    public int FirstCut { get; private set; } = -1;

    public ref QueuedSample this[int index] => ref _samples[index];

    /// <summary>Bytes of the first <paramref name="count"/> samples; they lie one after the other.</summary>
    public ReadOnlySpan<byte> DataOf(int count) => _data.AsSpan(0, _samples[count - 1].Offset + _samples[count - 1].Size);

    /// <summary>Room for the bytes of the sample that <see cref="Add"/> will append.</summary>
    public Span<byte> Prepare(int size)
    {
        if (_data.Length - DataLength < size) Array.Resize(ref _data, Math.Max(_data.Length * 2, DataLength + size));
        return _data.AsSpan(DataLength, size);
    }

    public void Add(Placement placement, int size, bool isKeyframe, CutBefore cut)
    {
        if (Count == _samples.Length) Array.Resize(ref _samples, Count * 2);
        if (cut != CutBefore.No && Count > 0 && FirstCut < 0) FirstCut = Count;
        _samples[Count++] = new QueuedSample(placement.Time, placement.Duration, DataLength, size, isKeyframe, cut);
        DataLength += size;
    }

    /// <summary>Forgets the first <paramref name="count"/> samples.</summary>
    public void Remove(int count)
    {
        if (count == 0) return;
        var bytes = DataOf(count).Length;
        _data.AsSpan(bytes, DataLength - bytes).CopyTo(_data);
        _samples.AsSpan(count, Count - count).CopyTo(_samples);
        Count -= count;
        DataLength -= bytes;
        FirstCut = -1;
        for (var i = 0; i < Count; i++)
        {
            _samples[i].Offset -= bytes;
            if (i > 0 && FirstCut < 0 && _samples[i].Cut != CutBefore.No) FirstCut = i;
        }
    }
}
