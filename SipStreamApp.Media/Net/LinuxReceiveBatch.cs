using System.Runtime.CompilerServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Message headers, vectors and addresses for recvmmsg, shared by all ports of a loop.</summary>
/// <remarks>Apart from those for sending: a handler may fill and send a batch while the received one is still being handed out.</remarks>
internal sealed unsafe class LinuxReceiveBatch
{
    private const int AddressStride = 32;
    private const int Capacity = ReceiveSlab.SharedSlots;

    // Pinned arrays of blittable structs: their addresses never change, so the pointers inside the headers stay right.
    private readonly LinuxNative.BatchMessage[] _messages = GC.AllocateArray<LinuxNative.BatchMessage>(Capacity, pinned: true);
    private readonly LinuxNative.IoVector[] _vectors = GC.AllocateArray<LinuxNative.IoVector>(Capacity, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Capacity * AddressStride, pinned: true);
    private ReceiveSlab? _prepared;
    private int _used;

    public LinuxNative.BatchMessage* Messages => (LinuxNative.BatchMessage*)Unsafe.AsPointer(ref _messages[0]);

    public PeerAddress From(int index) => LinuxAddress.Read(_addresses.AsSpan(index * AddressStride, AddressStride));

    /// <summary>Receives into the slots of a slab; returns how many datagrams came, or a negative number.</summary>
    public int Receive(int descriptor, ReceiveSlab slab)
    {
        if (ReferenceEquals(_prepared, slab)) Reset();
        else Prepare(slab);
        _used = 0;
        var count = LinuxNative.ReceiveBatch(descriptor, Messages, (uint)slab.Slots, LinuxNative.MSG_DONTWAIT, null);
        if (count > 0) _used = count;
        return count;
    }

    private void Prepare(ReceiveSlab slab)
    {
        _prepared = slab;
        var memory = (byte*)Unsafe.AsPointer(ref slab.Memory[0]);
        for (var i = 0; i < slab.Slots; i++)
        {
            Vector(i) = new() { Base = memory + i * slab.Stride, Length = (nuint)slab.MaxDatagram };
            Message(i) = new()
            {
                Header = new() { Name = Address(i), NameLength = AddressStride, Vectors = Pointer(i), VectorCount = 1 },
            };
        }
    }

    // The kernel writes these two, and only for the datagrams it delivered.
    private void Reset()
    {
        for (var i = 0; i < _used; i++)
        {
            Message(i).Header.NameLength = AddressStride;
            Message(i).Header.Flags = 0;
        }
    }

    private ref LinuxNative.BatchMessage Message(int index) => ref _messages[index];

    private ref LinuxNative.IoVector Vector(int index) => ref _vectors[index];

    private LinuxNative.IoVector* Pointer(int index) => (LinuxNative.IoVector*)Unsafe.AsPointer(ref _vectors[index]);

    private byte* Address(int index) => (byte*)Unsafe.AsPointer(ref _addresses[index * AddressStride]);
}
