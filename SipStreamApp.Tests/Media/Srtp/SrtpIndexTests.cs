// RFC 3711 section 3.3.1: the rollover counter on both sides
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class SrtpIndexTests
{
    public static TheoryData<string> Profiles { get; } = new(SrtpKit.ProfileNames);

    [Theory]
    [InlineData(0x0_0005, 6, 0x0_0006)]
    [InlineData(0x0_0005, 0xFFFE, 0x0_FFFE)] // no round before the first
    [InlineData(0x0_FFFF, 0, 0x1_0000)]
    [InlineData(0x1_0002, 0xFFFF, 0x0_FFFF)]
    [InlineData(0x1_0000, 0x8000, 0x1_8000)]
    [InlineData(0x1_0000, 0x8001, 0x0_8001)]
    [InlineData(0x1_8000, 0, 0x1_0000)]
    [InlineData(0x1_8001, 0, 0x2_0000)]
    [InlineData(0xFFFF_FFFF_FFFF, 0, 0x1_0000_0000_0000)]
    public void Estimate_AroundTheWrap_TakesTheNearestRound(long highest, int sequence, long expected) =>
        Assert.Equal((ulong)expected, SrtpIndex.Estimate((ulong)highest, (ushort)sequence));

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_ReorderedAroundTwoWraps_AcceptsEachPacketOnce(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        var random = new Random(9);
        var start = 0xFF00UL;
        for (var round = 0UL; round < 3; round++)
        {
            // 512 packets around each wrap, in blocks of 64 that are shuffled; then a leap that stays below half a round.
            for (var block = 0UL; block < 8; block++)
            {
                var indices = Enumerable.Range(0, 64).Select(i => start + block * 64 + (ulong)i).ToArray();
                random.Shuffle(indices);
                foreach (var index in indices) Accept(sender, receiver, index);
            }

            foreach (var leap in (ulong[])[0x4000, 0xA000, 0xF000]) Accept(sender, receiver, (round << 16) + 0x10000 + leap);
            start += 0x10000;
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protect_Sequence65535SentAgain_DoesNotMoveTheRolloverCounter(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        var packet = SrtpKit.Rtp(0xFFFF);
        var first = sender.Protect(packet, 0xFFFF);
        Assert.Equal(first, sender.Protect(packet, 0xFFFF));
        Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(first, out _));
        Accept(sender, receiver, 0x1_0000);
        Assert.Equal(SrtpStatus.Replayed, receiver.Unprotect(sender.Protect(packet, 0xFFFF), out _));
        for (var index = 0x1_0001UL; index < 0x1_0100; index++) Accept(sender, receiver, index);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Unprotect_FirstPacketComesAfterTheSendersWrap_IsFound(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        using var receiver = SrtpKit.Receiver(SrtpKit.Profile(name));
        Accept(sender, receiver, 0x1_0002);
        Accept(sender, receiver, 0x0_FFFE);
        Accept(sender, receiver, 0x1_0003);
    }

    [Fact]
    public void Protect_WrongOrUsedUpIndexOrNoRoom_WritesNothing()
    {
        using var sender = SrtpKit.Sender(SrtpProfile.AeadAes128Gcm);
        var packet = SrtpKit.Rtp(0xFFFF);
        var room = new byte[packet.Length + sender.RtpOverhead];
        Assert.Equal(0, sender.Protect(packet.AsSpan(0, 12), packet.AsSpan(12), 0xFFFE, room));
        Assert.Equal(0, sender.Protect(packet.AsSpan(0, 12), packet.AsSpan(12), SrtpIndex.Maximum + 0x10000, room));
        Assert.Equal(0, sender.Protect(packet.AsSpan(0, 12), packet.AsSpan(12), 0xFFFF, room.AsSpan(1)));
        Assert.Equal(0, sender.Protect(packet.AsSpan(0, 11), packet.AsSpan(11), 0xFFFF, room));
        Assert.Equal(0, sender.Protect(packet.AsSpan(0, 16), packet.AsSpan(16), 0xFFFF, room));
        Assert.True(room.AsSpan().IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(room.Length, sender.Protect(packet.AsSpan(0, 12), packet.AsSpan(12), SrtpIndex.Maximum, room));
    }

    private static void Accept(SrtpSender sender, SrtpReceiver receiver, ulong index)
    {
        var plain = SrtpKit.Rtp(index, payload: 20);
        var packet = sender.Protect(plain, index);
        var again = packet.ToArray();
        Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(packet, out var length, out var received));
        Assert.Equal(index, received);
        Assert.Equal(plain, packet[..length]);
        Assert.Equal(SrtpStatus.Replayed, receiver.Unprotect(again, out _));
    }
}
