using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

/// <summary>RFC 4588: restoring a retransmission, and where it goes in the order.</summary>
public class RtxPacketTests
{
    [Fact]
    public void TryRestore_WithHeaderExtension_IsTheOriginalInPlace()
    {
        byte[] rtx =
        [
            0x91, 0x80 | 97, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 66, 0, 0, 0, 5, 0xBE, 0xDE, 0, 1, 0x41, 1, 2, 0,
            0xAB, 0xCD, 10, 11, 12,
        ];
        Assert.True(RtxPacket.TryRestore(rtx, Parse(rtx), new PayloadType(96), new Ssrc(0x0B0B0001), out var original, out var sequence));
        Assert.Equal(0xABCD, sequence);
        Assert.Equal(
            [0x91, 0x80 | 96, 0xAB, 0xCD, 0, 0, 0, 9, 0x0B, 0x0B, 0, 1, 0, 0, 0, 5, 0xBE, 0xDE, 0, 1, 0x41, 1, 2, 0, 10, 11, 12], original.ToArray());
    }

    [Fact]
    public void TryRestore_Padding_IsNoPacket()
    {
        byte[] probe = [0xA0, 97, 0, 1, 0, 0, 0, 9, 0, 0, 0, 66, 0, 0, 0, 4];
        Assert.False(RtxPacket.TryRestore(probe, Parse(probe), new PayloadType(96), new Ssrc(1), out _, out _));
    }

    [Fact]
    public void Restore_FillsTheGap_AndLossIsStillReported()
    {
        var receiver = Receiver(jitter: new JitterOptions { Target = TimeSpan.Zero, ReorderWait = TimeSpan.FromMilliseconds(300) });
        foreach (var i in (int[])[0, 1, 3, 4]) receiver.Receive(Datagram(i, i * 160), Ms(i * 20));
        Assert.Equal([0, 1], Taken(receiver, 80));
        Assert.Equal(ReceiveResult.Accepted, receiver.Restore(Datagram(2, 320), Ms(140)));
        Assert.Equal(ReceiveResult.Late, receiver.Restore(Datagram(65000, 160), Ms(140)));
        Assert.Equal([2, 3, 4], Taken(receiver, 140));
        Assert.Equal(ReceiveResult.Duplicate, receiver.Restore(Datagram(2, 320), Ms(141)));
        Assert.Equal((4, 1), (receiver.Statistics.Received, receiver.Statistics.Lost));
        Assert.True(receiver.TryMakeReportBlock(Ms(150), out var block));
        Assert.Equal(1, block.CumulativeLost);
    }

    [Fact]
    public void Restore_OfAnotherSourceOrBeforeAny_IsRefused()
    {
        var receiver = Receiver();
        Assert.Equal(ReceiveResult.OtherSource, receiver.Restore(Datagram(2, 320), Ms(0)));
        receiver.Receive(Datagram(0, 0), Ms(0));
        Assert.Equal(ReceiveResult.OtherSource, receiver.Restore(Datagram(1, 160, ssrc: 9), Ms(1)));
        Assert.Equal(ReceiveResult.UnknownPayload, receiver.Restore(Datagram(1, 160, payloadType: 50), Ms(1)));
        Assert.Equal(ReceiveResult.Malformed, receiver.Restore([0x80, 0], Ms(1)));
    }

    private static List<int> Taken(RtpReceiver receiver, double ms)
    {
        var all = new List<int>();
        while (receiver.TryTake(Ms(ms), out var packet))
        {
            Assert.False(packet.Gap);
            all.Add(packet.SequenceNumber);
        }

        return all;
    }
}
