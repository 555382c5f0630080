// Linux udp(7), UDP_SEGMENT: one message with a control header (size_t length = 18, int level = SOL_UDP, int type = UDP_SEGMENT,
// u16 segment size) is cut into datagrams of that size; the last one may be shorter.
using System.Runtime.CompilerServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Message headers for one sendmmsg: a message per datagram, or per run of equal datagrams to one peer where the kernel can cut it.</summary>
internal sealed unsafe class LinuxSendBatch(bool segmentation)
{
    private const int AddressStride = 32;
    private const int ControlBytes = 24;
    private const int ControlLength = 18;
    private const int Capacity = SendBatch.Slots;
    private const int MaxSegments = 64;
    private const int MaxRunBytes = 65_000;
    private const int MaxRefusals = 32;

    // Pinned arrays of blittable structs: their addresses never change, so the pointers inside the headers stay right.
    private readonly LinuxNative.BatchMessage[] _messages = GC.AllocateArray<LinuxNative.BatchMessage>(Capacity, pinned: true);
    private readonly LinuxNative.IoVector[] _vectors = GC.AllocateArray<LinuxNative.IoVector>(Capacity, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Capacity * AddressStride, pinned: true);
    private readonly byte[] _controls = GC.AllocateArray<byte>(Capacity * ControlBytes, pinned: true);
    private readonly int[] _firstSlot = new int[Capacity];
    private bool _segmentation = segmentation;
    private int _refusals;

    public LinuxNative.BatchMessage* Messages => (LinuxNative.BatchMessage*)Unsafe.AsPointer(ref _messages[0]);

    /// <summary>Whether runs are still made.</summary>
    public bool Segmentation => _segmentation;

    public PeerAddress To(int message) => LinuxAddress.Read(_addresses.AsSpan(message * AddressStride, AddressStride));

    public int FirstSlot(int message) => _firstSlot[message];

    public bool IsRun(int message) => _messages[message].Header.VectorCount > 1;

    public void TurnSegmentationOff() => _segmentation = false;

    /// <summary>A device that cannot checksum (EIO) never will; a path with a small MTU (EINVAL) is that peer's affair, unless it goes on.</summary>
    public void SegmentationRefused(int error)
    {
        if (error == LinuxNative.EIO || ++_refusals >= MaxRefusals) _segmentation = false;
    }

    /// <summary>Makes the messages for the slots from <paramref name="first"/> on; returns how many. A peer out of the socket's reach gets none.</summary>
    public int Prepare(SendBatch batch, int first, bool ipv6Socket, bool segment)
    {
        segment &= _segmentation;
        var memory = (byte*)Unsafe.AsPointer(ref batch.Memory[0]);
        var (count, slot) = (0, first);
        while (slot < batch.Count)
        {
            var run = segment ? RunLength(batch, slot) : 1;
            var length = LinuxAddress.Write(batch.To(slot), ipv6Socket, _addresses.AsSpan(count * AddressStride, AddressStride));
            if (length == 0)
            {
                slot += run;
                continue;
            }

            for (var i = slot; i < slot + run; i++)
                _vectors[i] = new() { Base = memory + i * SendBatch.SlotBytes, Length = (nuint)batch.Length(i) };
            _messages[count].Header = new()
            {
                Name = (byte*)Unsafe.AsPointer(ref _addresses[count * AddressStride]),
                NameLength = (uint)length,
                Vectors = (LinuxNative.IoVector*)Unsafe.AsPointer(ref _vectors[slot]),
                VectorCount = (nuint)run,
                Control = run > 1 ? SegmentControl(count, batch.Length(slot)) : null,
                ControlLength = run > 1 ? ControlBytes : 0u,
            };
            _firstSlot[count++] = slot;
            slot += run;
        }

        return count;
    }

    private static int RunLength(SendBatch batch, int slot)
    {
        var size = batch.Length(slot);
        if (size == 0) return 1;
        var most = Math.Min(Math.Min(batch.Count - slot, MaxSegments), MaxRunBytes / size);
        for (var run = 1; run < most; run++)
        {
            var next = batch.Length(slot + run);
            if (next > size || next == 0 || batch.To(slot + run) != batch.To(slot)) return run;
            if (next < size) return run + 1;
        }

        return Math.Max(most, 1);
    }

    private byte* SegmentControl(int message, int size)
    {
        var control = (byte*)Unsafe.AsPointer(ref _controls[message * ControlBytes]);
        *(nuint*)control = ControlLength;
        *(int*)(control + 8) = LinuxNative.SOL_UDP;
        *(int*)(control + 12) = LinuxNative.UDP_SEGMENT;
        *(ushort*)(control + 16) = (ushort)size;
        return control;
    }
}
