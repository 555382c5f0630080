using SipStreamApp.Media.Mp4;

namespace SipStreamApp.Media.Hls;

/// <summary>The segments and parts of one presentation, the newest ones only. Pure; the owner locks.</summary>
internal sealed class HlsTimeline(HlsOptions options)
{
    private readonly List<HlsSegment> _segments = [];
    private readonly SortedDictionary<int, byte[]> _inits = [];
    private int _init = -1;
    private long _next;
    private bool _formatChanged;

    /// <summary>Segments that are kept, the open one last.</summary>
    public IReadOnlyList<HlsSegment> Segments => _segments;

    /// <summary>Whole segments so far.</summary>
    public int Whole => _segments.Count - (Open is null ? 0 : 1);

    /// <summary>The segment that grows.</summary>
    public HlsSegment? Open => _segments.Count > 0 && _segments[^1].Duration is null ? _segments[^1] : null;

    /// <summary>Number of the open segment, or of the next one.</summary>
    public long NextNumber => Open?.Number ?? _next;

    /// <summary>Discontinuities that left with old segments.</summary>
    public int DiscontinuitiesGone { get; private set; }

    /// <summary>True once nothing will be added.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes a new init segment: a new format starts with the next part.</summary>
    public void AddInit(byte[] data)
    {
        Close(null);
        _formatChanged = _init >= 0;
        _inits[++_init] = data;
    }

    /// <summary>Takes the next part.</summary>
    public void Add(byte[] data, in FragmentInfo info)
    {
        if (Open is { } open && (info.StartsSegment || info.Start - open.End > options.Hole || IsFull(open, info.Start))) Close(info.Start);
        if (Open is null)
        {
            _segments.Add(new HlsSegment(_next++, _init, info.Start, _formatChanged));
            _formatChanged = false;
        }

        Open!.Parts.Add(new HlsPart(data, info.Start, info.Duration, info.IsIndependent));
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        Close(null);
        HasEnded = true;
    }

    /// <summary>True where a playlist asked for by number and part can be given: it holds this part or a later one.</summary>
    public bool Has(long number, int? part) =>
        HasEnded || (part is { } index && Open is { } open && open.Number == number ? open.Parts.Count > index : NextNumber > number);

    public HlsSegment? Find(long number) => _segments.Find(s => s.Number == number);

    public byte[]? FindInit(int init) => _inits.GetValueOrDefault(init);

    // Rounded to whole seconds, EXTINF must not be above the target duration (RFC 8216 section 4.3.3.1).
    private bool IsFull(HlsSegment open, TimeSpan start) => start - open.Start > options.LongestSegment - options.Part;

    private void Close(TimeSpan? nextStart)
    {
        if (Open is not { } open) return;
        var until = nextStart ?? open.End;
        open.Duration = until - open.Start > TimeSpan.Zero ? until - open.Start : TimeSpan.FromMilliseconds(1);
        while (_segments.Count > options.Listed + options.Kept)
        {
            if (_segments[0].AfterDiscontinuity) DiscontinuitiesGone++;
            _segments.RemoveAt(0);
        }

        while (_inits.Count > 1 && _inits.First().Key < _segments[0].Init) _inits.Remove(_inits.First().Key);
    }
}
