// ISO/IEC 13818-7 section 6.2: ADTS. syncword 12 bits | ID 1 | layer 2 | protection_absent 1 | profile 2 | sampling index 4 | private 1 |
// channels 3 | original 1 | home 1 | copyright 2 | frame length 13 | buffer fullness 11 | blocks 2
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>Cuts a run of ADTS into bare AAC frames, however the bytes arrive.</summary>
internal sealed class AdtsReader
{
    private const int HeadLength = 7;

    // Index 3 of the table of sampling rates; nothing else was ordered.
    private const int Index48000 = 3;

    private byte[] _data = new byte[8192];
    private int _start;
    private int _end;

    /// <summary>True once the bytes made no sense; the source has to be started anew.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Room for the next bytes; tell by <see cref="Wrote"/> how many came.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0) _data.AsSpan(_start, _end - _start).CopyTo(_data);
        (_start, _end) = (0, _end - _start);
        if (_end == _data.Length) Array.Resize(ref _data, _data.Length * 2);
        return _data.AsMemory(_end);
    }

    public void Wrote(int count) => _end += count;

    /// <summary>The next whole frame, valid until the next call of <see cref="Room"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> frame, out int channels)
    {
        frame = default;
        channels = 0;
        var rest = _data.AsSpan(_start, _end - _start);
        if (IsBroken || rest.Length < HeadLength) return false;
        var head = (rest[1] & 1) != 0 ? HeadLength : HeadLength + 2;
        var length = (rest[3] & 3) << 11 | rest[4] << 3 | rest[5] >> 5;
        channels = (rest[2] & 1) << 2 | rest[3] >> 6;
        IsBroken = rest[0] != 0xFF || (rest[1] & 0xF6) != 0xF0 || (rest[2] >> 2 & 0x0F) != Index48000 || channels is 0 or > 2 || length < head || (rest[6] & 3) != 0;
        if (IsBroken || rest.Length < length) return false;
        frame = rest[head..length];
        _start += length;
        return true;
    }

    /// <summary>The format of frames with so many channels.</summary>
    public static TrackFormat FormatOf(int channels) => AacFormat.For(TrackFormat.Default(Codec.Opus) with { Channels = channels });
}
