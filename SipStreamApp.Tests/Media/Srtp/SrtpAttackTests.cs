// RFC 3711 sections 3.3 and 9: what an attacker on the path may and may not change
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class SrtpAttackTests
{
    public static TheoryData<string> Profiles { get; } = new(SrtpKit.ProfileNames);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_ForgedFirstPacket_DoesNotPoisonTheIndex(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var forger = SrtpKit.Sender(SrtpKit.Profile(name), seed: 2);
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        foreach (var forged in (ulong[])[0xFFFF, 0x9000, 0x7FFF, 0])
        {
            var packet = forger.Protect(SrtpKit.Rtp(forged), forged);
            var copy = packet.ToArray();
            Assert.Equal(SrtpStatus.NotAuthentic, receiver.Unprotect(packet, out var length));
            Assert.Equal(0, length);
            Assert.Equal(copy, packet);
        }

        Assert.Equal(0, receiver.SourceCount);
        for (var index = 0UL; index < 50; index++)
        {
            Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(sender.Protect(SrtpKit.Rtp(index), index), out _));
            var forged = forger.Protect(SrtpKit.Rtp(index + 0x7000), index + 0x7000);
            Assert.Equal(SrtpStatus.NotAuthentic, receiver.Unprotect(forged, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_FloodOfForgedSources_GrowsNothing(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name), maxSources: 2);
        var packet = sender.Protect(SrtpKit.Rtp(1), 1);
        var rtcp = sender.ProtectRtcp(SrtpKit.Rtcp());
        for (var i = 0; i < 100; i++) Forge(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2000; i++) Forge(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, receiver.SourceCount);
        foreach (var ssrc in (uint[])[7, 8]) Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(Genuine(ssrc), out _));
        Assert.Equal(SrtpStatus.TooManySources, receiver.Unprotect(Genuine(9), out var length));
        Assert.Equal(0, length);
        Assert.Equal(2, receiver.SourceCount);

        void Forge(int ssrc)
        {
            (packet[8], packet[9]) = ((byte)ssrc, (byte)(ssrc >> 8));
            (rtcp[4], rtcp[5]) = ((byte)ssrc, (byte)(ssrc >> 8));
            if (receiver.Unprotect(packet, out _) != SrtpStatus.NotAuthentic) throw new InvalidOperationException();
            if (receiver.UnprotectRtcp(rtcp, out _) != SrtpStatus.NotAuthentic) throw new InvalidOperationException();
        }

        byte[] Genuine(uint ssrc) => sender.Protect(SrtpKit.Rtp(1, ssrc), 1);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_AnyByteChanged_IsRefusedAndTheGenuinePacketStillPasses(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        var rtp = sender.Protect(SrtpKit.Rtp(3, payload: 40, csrcs: 1, extensionWords: 2), 3);
        var rtcp = sender.ProtectRtcp(SrtpKit.Rtcp());
        for (var at = 0; at < rtp.Length; at++)
        {
            var bad = rtp.ToArray();
            bad[at] ^= 0x04;
            Assert.NotEqual(SrtpStatus.Ok, receiver.Unprotect(bad, out _));
        }

        for (var at = 0; at < rtcp.Length; at++)
        {
            var bad = rtcp.ToArray();
            bad[at] ^= 0x80;
            Assert.NotEqual(SrtpStatus.Ok, receiver.UnprotectRtcp(bad, out _));
        }

        Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(rtp, out _));
        Assert.Equal(SrtpStatus.Ok, receiver.UnprotectRtcp(rtcp, out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void UnprotectRtcp_Repeated_IsReplayed(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        var packets = Enumerable.Range(0, ReplayWindow.Size + 1).Select(_ => sender.ProtectRtcp(SrtpKit.Rtcp())).ToArray();
        Assert.Equal(SrtpStatus.Ok, receiver.UnprotectRtcp(packets[1].ToArray(), out _));
        Assert.Equal(SrtpStatus.Ok, receiver.UnprotectRtcp(packets[0].ToArray(), out _));
        Assert.Equal(SrtpStatus.Replayed, receiver.UnprotectRtcp(packets[1].ToArray(), out _));
        Assert.Equal(SrtpStatus.Ok, receiver.UnprotectRtcp(packets[^1].ToArray(), out _));
        Assert.Equal(SrtpStatus.TooOld, receiver.UnprotectRtcp(packets[0].ToArray(), out _));
        Assert.Equal(SrtpStatus.Replayed, receiver.UnprotectRtcp(packets[1].ToArray(), out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_RandomAndMutatedBytes_NeverThrowsAndNeverAccepts(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        using var portable = SrtpKit.Receiver(SrtpKit.Profile(name), SrtpEngine.Portable);
        var random = new Random(77);
        var genuine = sender.Protect(SrtpKit.Rtp(1, csrcs: 2, extensionWords: 1), 1);
        var buffer = new byte[2100];
        for (var i = 0; i < 20_000; i++)
        {
            var packet = buffer.AsSpan(0, random.Next(i % 3 == 0 ? 40 : 400));
            random.NextBytes(packet);
            if (i % 2 == 0 && packet.Length > 0) packet[0] = (byte)(packet[0] & 0x3F | 0x80);
            if (i % 5 == 0)
            {
                genuine.AsSpan(0, Math.Min(packet.Length, genuine.Length)).CopyTo(packet);
                if (packet.Length > 0) packet[random.Next(packet.Length)] ^= (byte)(1 + random.Next(255));
                if (packet.Length == genuine.Length) continue;
            }

            Assert.NotEqual(SrtpStatus.Ok, receiver.Unprotect(packet, out _));
            Assert.NotEqual(SrtpStatus.Ok, receiver.UnprotectRtcp(packet, out _));
            if (i % 10 == 0) Assert.NotEqual(SrtpStatus.Ok, portable.Unprotect(packet, out _));
            if (i % 10 == 0) Assert.NotEqual(SrtpStatus.Ok, portable.UnprotectRtcp(packet, out _));
        }

        Assert.Equal(0, receiver.SourceCount);
    }
}
