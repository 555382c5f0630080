using SipStreamApp.Media.Codecs;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class DtmfTests
{
    [Fact]
    public void Sender_100Milliseconds_SendsGrowingDurationsAndThreeEnds()
    {
        var packets = Press('5', 800, 160);
        Assert.Equal(
            ["050A00A0", "050A0140", "050A01E0", "050A0280", "058A0320", "058A0320", "058A0320"],
            packets.Select(p => Convert.ToHexString(p.Bytes)));
        Assert.Equal([true, false, false, false, false, false, false], packets.Select(p => p.Marker));
    }

    [Fact]
    public void Sender_ShortestPress_StillBeginsWithoutTheEndBit() =>
        Assert.Equal(["0F0A00A0", "0F8A00A0", "0F8A00A0", "0F8A00A0"], Press('d', 10, 160).Select(p => Convert.ToHexString(p.Bytes)));

    [Fact]
    public void Sender_NoKey_IsRefused() => Assert.False(new TelephoneEventSender().Begin('x', 800, 160));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Receiver_OnePress_GivesOneKeyWhicheverPacketsAreLost(int onlyEveryThirdFrom)
    {
        var receiver = new TelephoneEventReceiver();
        var ticks = 0L;
        foreach (var key in "0123456789*#ABCD11")
        {
            ticks += 4000;
            var i = 0;
            foreach (var packet in Press(key, 800, 160))
                if (onlyEveryThirdFrom < 0 || i++ % 3 == onlyEveryThirdFrom) receiver.Push(packet.Bytes, ticks);
        }

        var keys = "";
        while (receiver.TryTake(out var key)) keys += key;
        Assert.Equal("0123456789*#ABCD11", keys);
    }

    [Fact]
    public void Receiver_LatePacketsFlashAndLongSegments_AddNoKey()
    {
        var receiver = new TelephoneEventReceiver();
        receiver.Push([1, 10, 0xFF, 0xFF], 1000);
        receiver.Push([1, 10, 0x00, 0xA0], 1000 + 0xFFFF);
        receiver.Push([1, 0x8A, 0x01, 0x40], 1000 + 0xFFFF);
        receiver.Push([1, 0x8A, 0x01, 0x40], 900);
        receiver.Push([16, 10, 0, 160], 200_000);
        receiver.Push([1, 2], 300_000);
        Assert.True(receiver.TryTake(out var key));
        Assert.Equal('1', key);
        Assert.False(receiver.TryTake(out _));
    }

    private static List<Payload> Press(char key, int duration, int interval)
    {
        var (sender, packets, room) = (new TelephoneEventSender(), new List<Payload>(), new byte[4]);
        Assert.True(sender.Begin(key, duration, interval));
        while (sender.TryNext(room, out var marker)) packets.Add(new([.. room], marker, 0));
        Assert.False(sender.IsActive);
        return packets;
    }
}
