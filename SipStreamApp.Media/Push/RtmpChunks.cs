// Adobe RTMP 1.0 section 5.3 (chunking) and 5.4.1 (set chunk size).
using System.Buffers.Binary;

namespace SipStreamApp.Media.Push;

/// <summary>Puts the chunks of an RTMP server together into messages. Bytes may come in any pieces. Pure.</summary>
internal sealed class RtmpChunks
{
    private const int LargestMessage = 1 << 16;
    private const byte SetChunkSize = 1;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<int, Lane> _lanes = [];
    private int _chunkSize = 128;

    /// <summary>True once something came that RTMP cannot mean; nothing is taken any more.</summary>
    public bool IsBroken { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>The next whole message; false where more bytes are needed.</summary>
    public bool TryTake(out byte type, out byte[] message)
    {
        (type, message) = (0, []);
        while (!IsBroken && TakeChunk() is { } lane)
        {
            if (lane.Body.Count < lane.Length) continue;
            (type, message) = (lane.Type, [.. lane.Body]);
            lane.Body.Clear();
            if (type != SetChunkSize) return true;
            if (message.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(message) is > 0 and var size) _chunkSize = size;
            else IsBroken = true;
        }

        return false;
    }

    // Null where a chunk is not whole yet, or nonsense.
    private Lane? TakeChunk()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        if (bytes.Length == 0) return null;
        var format = bytes[0] >> 6;
        var head = (bytes[0] & 0x3F) switch { 0 => 2, 1 => 3, _ => 1 };
        if (bytes.Length < head) return null;
        var id = head switch { 2 => bytes[1] + 64, 3 => bytes[1] + 64 + (bytes[2] << 8), _ => bytes[0] & 0x3F };
        if (!_lanes.TryGetValue(id, out var lane)) _lanes[id] = lane = new Lane();
        var fields = bytes[head..];
        var size = format switch { 0 => 11, 1 => 7, 2 => 3, _ => 0 };
        if (fields.Length < size) return null;
        var isLong = size >= 3 ? (fields[0] & fields[1] & fields[2]) == 0xFF : lane.IsLong;
        var (length, type) = size >= 7 ? ((fields[3] << 16) | (fields[4] << 8) | fields[5], fields[6]) : (lane.Length, lane.Type);
        if (length > LargestMessage || _lanes.Count > 64)
        {
            IsBroken = true;
            return null;
        }

        var from = head + size + (isLong ? 4 : 0);
        var part = Math.Min(length - lane.Body.Count, _chunkSize);
        if (part < 0 || bytes.Length < from + part) return null;
        (lane.Length, lane.Type, lane.IsLong) = (length, type, isLong);
        lane.Body.AddRange(bytes.Slice(from, part));
        _bytes.RemoveRange(0, from + part);
        return lane;
    }

    private sealed class Lane
    {
        public int Length { get; set; }

        public byte Type { get; set; }

        public bool IsLong { get; set; }

        public List<byte> Body { get; } = [];
    }
}
