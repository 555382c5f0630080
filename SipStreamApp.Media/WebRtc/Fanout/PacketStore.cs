using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>
/// The packets of one track, numbered from 0, in a ring of payload bytes: the source of live sending, of resends, and of the start of
/// late viewers. It grows while what is needed does not fit, up to its bounds; in the steady state nothing is allocated.
/// </summary>
internal sealed class PacketStore(PacketStoreOptions options)
{
    private StoredPacket[] _packets = new StoredPacket[options.FirstPackets];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(options.FirstBytes);
    private int _write;

    /// <summary>The oldest packet that is still there.</summary>
    public long First { get; private set; }

    /// <summary>The number the next packet will get.</summary>
    public long Next { get; private set; }

    /// <summary>First packet of the last keyframe, or -1 where there is none to start from.</summary>
    public long GopStart { get; private set; } = -1;

    public bool Contains(long index) => index >= First && index < Next;

    public ref readonly StoredPacket this[long index] => ref _packets[index & (_packets.Length - 1)];

    public ReadOnlySpan<byte> Payload(in StoredPacket packet) => _bytes.AsSpan(packet.Offset, packet.Length);

    /// <summary>The next packet begins a keyframe.</summary>
    public void MarkKeyframe() => GopStart = Next;

    /// <summary>Nothing here can be decoded from any more.</summary>
    public void ForgetGop() => GopStart = -1;

    /// <summary>Room for the payload of the next packet; what is no longer needed makes way.</summary>
    public Span<byte> Reserve(int length, Instant now)
    {
        while (Next - First == _packets.Length)
        {
            if (!MayDrop(now) && _packets.Length < options.MaxPackets) GrowPackets();
            else DropFirst();
        }

        while (!HasRoom(length))
        {
            if (!MayDrop(now) && _bytes.Length < options.MaxBytes) GrowBytes();
            else DropFirst();
        }

        return _bytes.AsSpan(_write, length);
    }

    /// <summary>Adds what was written to the reserved room.</summary>
    public void Commit(int length, bool marker, Codec codec, uint timestamp, long frame, Instant now)
    {
        ref var packet = ref _packets[Next & (_packets.Length - 1)];
        (packet.Offset, packet.Length, packet.Marker, packet.Codec) = (_write, (ushort)length, marker, codec);
        (packet.Timestamp, packet.Frame, packet.StoredAt) = (timestamp, frame, now);
        _write += length;
        Next++;
    }

    private bool MayDrop(Instant now)
    {
        if (GopStart >= 0 && First >= GopStart) return false;
        return Next - First > options.KeepPackets || now - this[First].StoredAt > options.KeepFor;
    }

    private void DropFirst()
    {
        // The bound is reached inside of a group of pictures: without its head the rest cannot be decoded by a newcomer.
        if (First == GopStart) GopStart = -1;
        First++;
    }

    // Strictly more than needed before the tail, so that a full ring and an empty one look different.
    private bool HasRoom(int length)
    {
        if (First == Next)
        {
            _write = 0;
            return true;
        }

        var tail = this[First].Offset;
        if (_write < tail) return tail - _write > length;
        if (_bytes.Length - _write >= length) return true;
        if (tail <= length) return false;
        _write = 0;
        return true;
    }

    private void GrowPackets()
    {
        var grown = new StoredPacket[_packets.Length * 2];
        for (var i = First; i < Next; i++) grown[i & (grown.Length - 1)] = this[i];
        _packets = grown;
    }

    private void GrowBytes()
    {
        var grown = GC.AllocateUninitializedArray<byte>(_bytes.Length * 2);
        var at = 0;
        for (var i = First; i < Next; i++)
        {
            ref var packet = ref _packets[i & (_packets.Length - 1)];
            _bytes.AsSpan(packet.Offset, packet.Length).CopyTo(grown.AsSpan(at));
            packet.Offset = at;
            at += packet.Length;
        }

        (_bytes, _write) = (grown, at);
    }
}
