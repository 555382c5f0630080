using System.Collections.Immutable;

namespace SipStreamApp.Media.Mp4;

/// <summary>
/// Finds out how much of a fragmented file is whole, after a crash say. It asks for the few bytes it wants to see, so a file of many
/// gigabytes is never read: <c>while (scan.TryGetRequest(out offset, out count)) scan.Receive(read(offset, count))</c>.
/// </summary>
internal sealed class Mp4FragmentScanner(long fileLength)
{
    // An hour of 100 samples a second in one fragment.
    private const int MaxTableBytes = 8 << 20;

    private static readonly uint Moov = BoxReader.Type("moov"u8);
    private static readonly uint Moof = BoxReader.Type("moof"u8);
    private static readonly uint Mdat = BoxReader.Type("mdat"u8);
    private static readonly uint Mfra = BoxReader.Type("mfra"u8);
    private static readonly ImmutableArray<uint> Skipped =
        [.. ((string[])["ftyp", "styp", "prft", "sidx", "emsg", "free", "skip", "uuid"]).Select(n => BoxReader.Type(System.Text.Encoding.ASCII.GetBytes(n)))];

    private readonly List<ScannedTrack> _pending = [];
    private ImmutableArray<ScannedTrack> _tracks = [];
    private long _position;
    private long _moofStart = -1;
    private long _dataEnd;
    private uint _table;
    private int _tableHead;
    private long _tableLength;
    private bool _done;

    /// <summary>Bytes from the start that are whole: the init segment, every fragment with all of its samples, and an index at the end.</summary>
    public long WholeLength { get; private set; }

    /// <summary>True where the init segment was found.</summary>
    public bool HasInit => !_tracks.IsEmpty;

    /// <summary>Whole fragments.</summary>
    public int Fragments { get; private set; }

    /// <summary>The tracks, with what whole fragments hold of them.</summary>
    public ImmutableArray<ScannedTrack> Tracks => _tracks;

    /// <summary>End of the last sample of all tracks.</summary>
    public TimeSpan Duration
    {
        get
        {
            var end = TimeSpan.Zero;
            foreach (var track in _tracks)
                if (track.Samples > 0 && track.End > end) end = track.End;

            return end;
        }
    }

    /// <summary>Scans a file that is in memory.</summary>
    public static Mp4FragmentScanner Scan(ReadOnlySpan<byte> file)
    {
        var scanner = new Mp4FragmentScanner(file.Length);
        while (scanner.TryGetRequest(out var offset, out var count)) scanner.Receive(file.Slice((int)offset, count));
        return scanner;
    }

    /// <summary>What to read next; false when the scan is over.</summary>
    public bool TryGetRequest(out long offset, out int count)
    {
        offset = _position;
        count = _table != 0 ? (int)_tableLength : (int)Math.Min(16, fileLength - _position);
        return !_done && count >= 8;
    }

    /// <summary>Takes the bytes asked for. Fewer of them end the scan.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        if (!TryGetRequest(out _, out var count)) return;
        if (bytes.Length < count) _done = true;
        else if (_table != 0) _done = !TakeTable(bytes);
        else _done = !TakeHead(bytes);
    }

    private bool TakeHead(ReadOnlySpan<byte> bytes)
    {
        if (!BoxReader.TryReadHead(bytes, out var type, out var size, out var head) || size > fileLength - _position) return false;
        var end = _position + size;
        if (type == Moov || type == Moof)
        {
            if (size > MaxTableBytes || _moofStart >= 0 || (type == Moof) != HasInit) return false;
            (_table, _tableHead, _tableLength) = (type, head, size);
            return true;
        }

        if (type == Mdat)
        {
            if (_moofStart < 0 || _moofStart + _dataEnd > end) return false;
            _moofStart = -1;
            _tracks = [.. _pending];
            Fragments++;
            WholeLength = end;
        }
        else if (_moofStart >= 0)
        {
            return false;
        }
        else if (type == Mfra)
        {
            if (!HasInit) return false;
            WholeLength = end;
        }
        else if (!Skipped.Contains(type))
        {
            return false;
        }

        _position = end;
        return true;
    }

    private bool TakeTable(ReadOnlySpan<byte> bytes)
    {
        var body = bytes[_tableHead..(int)_tableLength];
        if (_table == Moov)
        {
            var tracks = new List<ScannedTrack>();
            if (!MoovScan.TryRead(body, tracks)) return false;
            _tracks = [.. tracks];
            WholeLength = _position + _tableLength;
        }
        else
        {
            if (!MoofScan.TryRead(body, _tracks, _pending, out _dataEnd)) return false;
            _moofStart = _position;
        }

        _position += _tableLength;
        _table = 0;
        return true;
    }
}
