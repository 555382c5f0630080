// RFC 6184 sections 5.6, 5.7.1, 5.8 and 6.2/6.3 (packetization modes 0 and 1).
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>
/// Cuts access units into packets. Mode 1 puts small NAL units together (STAP-A) and cuts big ones into parts of equal size (FU-A),
/// since equal packets can leave in one system call (UDP GSO). Mode 0 sends each unit alone.
/// </summary>
/// <remarks>
/// Mode 0 has no way to send a unit that exceeds the packet. It is still cut into FU-A then: browsers and the usual phones decode
/// it, while a fragmented IP packet gets lost at many firewalls.
/// </remarks>
internal sealed class H264Packetizer(int packetizationMode) : IPacketizer
{
    private const int FuHeader = 2;

    private MediaFrame? _frame;
    private int _maxPayload;
    private int _position;
    private int _fragmentOffset;
    private int _fragmentSize;

    public void Begin(MediaFrame frame, int maxPayload)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayload, Packetizer.MinPayload);
        (_frame, _maxPayload, _position, _fragmentOffset) = (frame, maxPayload, 0, 0);
        SkipEmpty(frame.Data);
    }

    public bool TryNext(Span<byte> destination, out int length, out bool marker)
    {
        (length, marker) = (0, false);
        if (_frame is null) return false;
        var data = _frame.Data;
        if (!TryPeek(data, _position, out var nal))
        {
            _frame = null;
            return false;
        }

        if (nal.Length > _maxPayload) length = WriteFragment(nal, destination);
        else if (packetizationMode == 0 || !TryWriteAggregate(data, destination, out length)) length = WriteSingle(nal, destination);
        SkipEmpty(data);
        marker = _fragmentOffset == 0 && !TryPeek(data, _position, out _);
        return true;
    }

    private static bool TryPeek(ReadOnlySpan<byte> data, int position, out ReadOnlySpan<byte> nal) =>
        new NalReader(data[position..]).TryRead(out nal);

    private int WriteSingle(ReadOnlySpan<byte> nal, Span<byte> destination)
    {
        nal.CopyTo(destination);
        _position += Nal.PrefixLength + nal.Length;
        return nal.Length;
    }

    private bool TryWriteAggregate(ReadOnlySpan<byte> data, Span<byte> destination, out int length)
    {
        length = 1;
        var (count, header) = (0, 0);
        var reader = new NalReader(data[_position..]);
        var end = 0;
        while (reader.TryRead(out var nal))
        {
            if (length + 2 + nal.Length > _maxPayload) break;
            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], (ushort)nal.Length);
            nal.CopyTo(destination[(length + 2)..]);
            length += 2 + nal.Length;
            // Section 5.7: F is the OR of all, NRI the highest of all.
            header = (header & 0x80) | (nal[0] & 0x80) | Math.Max(header & 0x60, nal[0] & 0x60);
            end = reader.Position;
            count++;
        }

        if (count < 2) return false;
        destination[0] = (byte)(header | (int)NalType.StapA);
        _position += end;
        return true;
    }

    private int WriteFragment(ReadOnlySpan<byte> nal, Span<byte> destination)
    {
        var body = nal[1..];
        if (_fragmentOffset == 0)
        {
            var room = _maxPayload - FuHeader;
            var parts = (body.Length + room - 1) / room;
            _fragmentSize = (body.Length + parts - 1) / parts;
        }

        var size = Math.Min(_fragmentSize, body.Length - _fragmentOffset);
        var (start, end) = (_fragmentOffset == 0, _fragmentOffset + size == body.Length);
        destination[0] = (byte)((nal[0] & 0xE0) | (int)NalType.FuA);
        destination[1] = (byte)((start ? 0x80 : 0) | (end ? 0x40 : 0) | (nal[0] & 0x1F));
        body.Slice(_fragmentOffset, size).CopyTo(destination[FuHeader..]);
        _fragmentOffset += size;
        if (end)
        {
            _position += Nal.PrefixLength + nal.Length;
            _fragmentOffset = 0;
        }

        return size + FuHeader;
    }

    // So that the positions above always stand at a unit that has bytes.
    private void SkipEmpty(ReadOnlySpan<byte> data)
    {
        while (_fragmentOffset == 0 && data.Length - _position >= Nal.PrefixLength
            && BinaryPrimitives.ReadUInt32BigEndian(data[_position..]) == 0) _position += Nal.PrefixLength;
    }
}
