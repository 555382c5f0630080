// RFC 7741 section 4.2: descriptor with a 15-bit PictureID; a frame is sent as one partition, as section 4.4 allows.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Cuts VP8 frames into packets of equal size.</summary>
internal sealed class Vp8Packetizer : IPacketizer
{
    private const int DescriptorLength = 4;

    private MediaFrame? _frame;
    private int _offset;
    private int _partSize;
    private int _pictureId = -1;

    public void Begin(MediaFrame frame, int maxPayload)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayload, Packetizer.MinPayload);
        (_frame, _offset) = (frame, 0);
        _pictureId = (_pictureId + 1) & 0x7FFF;
        var room = maxPayload - DescriptorLength;
        var parts = Math.Max(1, (frame.Length + room - 1) / room);
        _partSize = (frame.Length + parts - 1) / parts;
    }

    public bool TryNext(Span<byte> destination, out int length, out bool marker)
    {
        (length, marker) = (0, false);
        if (_frame is null || _offset >= _frame.Length)
        {
            _frame = null;
            return false;
        }

        var size = Math.Min(_partSize, _frame.Length - _offset);
        destination[0] = (byte)(0x80 | (_offset == 0 ? 0x10 : 0));
        destination[1] = 0x80;
        destination[2] = (byte)(0x80 | _pictureId >> 8);
        destination[3] = (byte)_pictureId;
        _frame.Data.Slice(_offset, size).CopyTo(destination[DescriptorLength..]);
        _offset += size;
        length = size + DescriptorLength;
        marker = _offset == _frame.Length;
        return true;
    }
}
