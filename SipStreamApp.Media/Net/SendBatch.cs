using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>
/// The loop's outgoing datagrams of this turn: pinned slots that handlers write into, sent with as few system calls as possible.
/// One batch serves all ports of a loop, one port at a time: hundreds of RTP ports cost no memory here, and one mux port gets it all.
/// </summary>
internal sealed class SendBatch
{
    public const int SlotBytes = 2048;
    public const int Slots = 128;

    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(SlotBytes * Slots, pinned: true);
    private readonly int[] _lengths = new int[Slots];
    private readonly PeerAddress[] _to = new PeerAddress[Slots];
    private UdpPort? _port;

    public int Count { get; private set; }

    /// <summary>The pinned memory of all slots.</summary>
    public byte[] Memory => _memory;

    public int Length(int slot) => _lengths[slot];

    public ref readonly PeerAddress To(int slot) => ref _to[slot];

    public ReadOnlySpan<byte> Datagram(int slot) => _memory.AsSpan(slot * SlotBytes, _lengths[slot]);

    /// <summary>The next free slot; sends what is waiting first if it is full or belongs to another port.</summary>
    public Span<byte> Begin(UdpPort port, in PeerAddress to)
    {
        if (!ReferenceEquals(_port, port) || Count == Slots)
        {
            Flush();
            _port = port;
        }

        _to[Count] = to;
        return _memory.AsSpan(Count * SlotBytes, SlotBytes);
    }

    public void Commit(UdpPort port, int length)
    {
        if (!ReferenceEquals(_port, port) || Count == Slots) throw new InvalidOperationException("EndSend without BeginSend.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)SlotBytes);
        // A closed port's descriptor may already be somebody else's socket: nothing may be left here for it.
        if (port.IsClosed) return;
        _lengths[Count++] = length;
    }

    public void Flush()
    {
        if (Count == 0) return;
        _port!.Transmit(this);
        Count = 0;
    }

    /// <summary>Sends what waits for a port that is about to close, and forgets the port.</summary>
    public void Release(UdpPort port)
    {
        if (!ReferenceEquals(_port, port)) return;
        Flush();
        _port = null;
    }
}
