using System.Buffers.Binary;
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class SrtpAllocationTests
{
    public static TheoryData<string, string> Cases { get; } = [.. from name in SrtpKit.ProfileNames
                                                                  from engine in (string[])["Automatic", "Portable"]
                                                                  select new TheoryDataRow<string, string>(name, engine)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ProtectAndUnprotect_WarmContexts_AllocateNothing(string name, string engine)
    {
        var profile = SrtpKit.Profile(name);
        using var sender = SrtpKit.Sender(profile, Enum.Parse<SrtpEngine>(engine));
        using var receiver = SrtpKit.Receiver(profile, Enum.Parse<SrtpEngine>(engine));
        var (packet, slot, rtcp) = (SrtpKit.Rtp(0, payload: 1188), new byte[2048], SrtpKit.Rtcp());
        for (var i = 0UL; i < 200; i++) Cycle(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200UL; i < 2200; i++) Cycle(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(ulong index)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)index);
            var length = sender.Protect(packet.AsSpan(0, 12), packet.AsSpan(12), index, slot);
            if (receiver.Unprotect(slot.AsSpan(0, length), out var received) != SrtpStatus.Ok) throw new InvalidOperationException();
            if (received != packet.Length) throw new InvalidOperationException();
            length = sender.ProtectRtcp(rtcp, slot);
            if (receiver.UnprotectRtcp(slot.AsSpan(0, length), out _) != SrtpStatus.Ok) throw new InvalidOperationException();
        }
    }
}
