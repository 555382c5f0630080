// RFC 8285 sections 4.2 and 4.3: elements of a header extension, one-byte form (profile 0xBEDE) and two-byte form (0x100x).
//   one-byte:  |  ID   |  L-1  | L bytes ...     ID 0 = one byte of padding, ID 15 = stop
//   two-byte:  |      ID       |       L       | L bytes ...
namespace SipStreamApp.Media.Rtp;

/// <summary>One element of a header extension.</summary>
internal readonly ref struct HeaderExtension(int id, ReadOnlySpan<byte> data)
{
    public int Id { get; } = id;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>Walks the elements of a header extension and stops at the first one that does not fit.</summary>
internal ref struct HeaderExtensions(int profile, ReadOnlySpan<byte> data)
{
    public const int OneByteProfile = 0xBEDE;

    private readonly bool _twoByte = (profile & 0xFFF0) == 0x1000;
    private ReadOnlySpan<byte> _rest = profile == OneByteProfile || (profile & 0xFFF0) == 0x1000 ? data : default;

    public HeaderExtension Current { get; private set; }

    public readonly HeaderExtensions GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty && _rest[0] == 0) _rest = _rest[1..];
        if (_rest.IsEmpty) return false;
        if (_twoByte && _rest.Length < 2) return false;
        var id = _twoByte ? _rest[0] : _rest[0] >> 4;
        var head = _twoByte ? 2 : 1;
        var length = _twoByte ? _rest[1] : (_rest[0] & 0x0F) + 1;
        // In the one-byte form ID 15 ends the list; ID 0 with a length is malformed.
        if ((!_twoByte && id is 0 or 15) || length > _rest.Length - head)
        {
            _rest = default;
            return false;
        }

        Current = new HeaderExtension(id, _rest.Slice(head, length));
        _rest = _rest[(head + length)..];
        return true;
    }

    /// <summary>The first element with this id.</summary>
    public static bool TryFind(in RtpPacket packet, int id, out ReadOnlySpan<byte> data)
    {
        foreach (var element in packet.Extensions)
        {
            if (element.Id != id) continue;
            data = element.Data;
            return true;
        }

        data = default;
        return false;
    }
}
