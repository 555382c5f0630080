namespace SipStreamApp.Media.Net;

/// <summary>Pinned slots that datagrams are received into. Ports of usual size share their loop's; ports for long datagrams have their own.</summary>
internal sealed class ReceiveSlab(int slots, int slotBytes)
{
    public const int SlotBytes = 2048;
    public const int SharedSlots = 64;

    public byte[] Memory { get; } = GC.AllocateUninitializedArray<byte>(slots * slotBytes, pinned: true);

    public int Slots => slots;

    public int Stride => slotBytes;

    /// <summary>Longest datagram that fits with the promised room behind it.</summary>
    public int MaxDatagram => slotBytes - UdpPort.TailRoom;

    public Span<byte> Datagram(int slot, int length) => Memory.AsSpan(slot * slotBytes, length);

    /// <summary>The shared slab if its slots are long enough, else one of 8 slots for this port alone.</summary>
    public static ReceiveSlab For(UdpPortOptions options, ReceiveSlab shared) =>
        options.MaxDatagramBytes <= shared.MaxDatagram ? shared : new ReceiveSlab(8, options.MaxDatagramBytes + UdpPort.TailRoom);
}
