using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class RtpReceiverTests
{
    [Fact]
    public void Receive_OneForgedSsrc_DoesNotTakeOver()
    {
        var receiver = Receiver();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(ReceiveResult.Accepted, receiver.Receive(Datagram(i, i * 160), Ms(i * 20)));
            // A steady second source, as a forger would send it, never gets in while the first one speaks.
            Assert.Equal(ReceiveResult.OtherSource, receiver.Receive(Datagram(i, i * 160, ssrc: 66), Ms(i * 20 + 1)));
        }

        Assert.Equal(new Ssrc(Source), receiver.Source);
        Assert.Equal(100, receiver.Statistics.OtherSource);
    }

    [Fact]
    public void Receive_ForgedFirstPacket_GenuineSourceTakesOverWithoutLoss()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(9, 9, ssrc: 66), Ms(0));
        while (receiver.TryTake(Ms(0), out _))
        {
        }

        for (var i = 0; i < 5; i++) receiver.Receive(Datagram(i, i * 160), Ms(i * 20));
        Assert.Equal([0, 1, 2, 3, 4], Sequences(receiver, 80));
        Assert.Equal(1, receiver.Statistics.SourceChanges);
    }

    [Fact]
    public void TryTake_SourceChange_TicksGoOnByArrival()
    {
        var receiver = Receiver();
        long last = 0;
        for (var i = 0; i < 50; i++) last = Feed(receiver, Datagram(i, 5_000_000 + i * 160), i * 20, last, 160);
        // Another phone picks up 40 ms later: other SSRC, numbers and timestamps. Its first packets are kept, not lost.
        for (var i = 0; i < 3; i++) receiver.Receive(Datagram(700 + i, 99 + i * 160, ssrc: 7), Ms(1020 + i * 20));
        Assert.True(receiver.TryTake(Ms(1060), out var first));
        Assert.True(first.Gap);
        Assert.True(first.NewSource);
        Assert.Equal(700, first.SequenceNumber);
        Assert.Equal(last + 40 * 8, first.MediaTicks);
        Assert.True(receiver.TryTake(Ms(1060), out var second));
        Assert.Equal((false, first.MediaTicks + 160), (second.Gap, second.MediaTicks));
    }

    [Fact]
    public void TryTake_SameSsrcRestarted_LosesNothingAndGoesOn()
    {
        var receiver = Receiver();
        for (var i = 0; i < 10; i++) receiver.Receive(Datagram(i, i * 160), Ms(i * 20));
        Assert.Equal(10, Sequences(receiver, 180).Count);
        for (var i = 0; i < 5; i++) receiver.Receive(Datagram(40_000 + i, 3_000_000_000 + i * 160), Ms(200 + i * 20));
        Assert.Equal([40_000, 40_001, 40_002, 40_003, 40_004], Sequences(receiver, 280));
    }

    [Fact]
    public void TryTake_TimestampWrap_TicksGoOn()
    {
        var receiver = Receiver(90_000);
        long last = 0;
        for (var i = 0; i < 100; i++) last = Feed(receiver, Datagram(65_500 + i, 4_294_900_000 + i * 3000), i * 1000.0 / 30, last, 3000);
        Assert.Equal(4_294_900_000 + 99 * 3000L, last);
    }

    [Fact]
    public void TryTake_HourLongSilenceOverSeveralWraps_TicksFollowTheClock()
    {
        var receiver = Receiver(90_000);
        receiver.Receive(Datagram(1, 1000), Ms(0));
        receiver.TryTake(Ms(0), out var before);
        var start = before.MediaTicks;
        var hours = TimeSpan.FromHours(30);
        receiver.Receive(Datagram(2, 1000 + 90_000L * 3600 * 30), Ms(hours.TotalMilliseconds));
        Assert.True(receiver.TryTake(Ms(hours.TotalMilliseconds), out var after));
        Assert.Equal(90_000L * 3600 * 30, after.MediaTicks - start);
    }

    [Fact]
    public void TryTake_SourcePausedWithStandingTimestamps_TicksMoveOverThePause()
    {
        var receiver = Receiver();
        long last = 0;
        for (var i = 0; i < 100; i++) last = Feed(receiver, Datagram(i, i * 160), i * 20, last, 160);
        for (var i = 100; i < 200; i++) last = Feed(receiver, Datagram(i, i * 160), 3000 + i * 20, last, null);
        Assert.Equal((3000 + 199 * 20) * 8, last, 8.0);
    }

    [Fact]
    public void TryTake_NetworkStallThenBurst_TicksFollowTheSender()
    {
        var receiver = Receiver();
        long last = 0;
        for (var i = 0; i < 300; i++) last = Feed(receiver, Datagram(i, i * 160), i is > 100 and < 250 ? 5000 : i * 20, last, 160);
        Assert.Equal(299 * 160, last);
    }

    [Fact]
    public void TryTake_UnknownPayloadAndPadding_KeepTheirPlaceWithoutAGap()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(1, 160), Ms(0));
        Assert.Equal(ReceiveResult.UnknownPayload, receiver.Receive(Datagram(2, 320, payloadType: 55), Ms(20)));
        receiver.Receive(Datagram(3, 480, size: 0), Ms(40));
        receiver.Receive(Datagram(4, 640), Ms(60));
        receiver.TryTake(Ms(60), out _);
        Assert.True(receiver.TryTake(Ms(60), out var packet));
        Assert.Equal((4, 0, false), (packet.SequenceNumber, packet.LostBefore, packet.Gap));
        Assert.Equal(0, receiver.Statistics.Lost);
    }

    [Fact]
    public void TryTake_TelephoneEvent_IsReportedAndMovesNoClock()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(1, 160), Ms(0));
        receiver.Receive(Datagram(2, 320, payloadType: 101), Ms(20));
        receiver.Receive(Datagram(3, 320, payloadType: 101), Ms(70));
        receiver.TryTake(Ms(70), out var sound);
        var ticks = sound.MediaTicks;
        Assert.True(receiver.TryTake(Ms(70), out var key));
        Assert.Equal((101, ticks), (key.PayloadType.Value, key.MediaTicks));
    }

    [Fact]
    public void ReportBlock_AfterLossAndSenderReport_SaysSo()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(65_534, 0), Ms(0));
        receiver.Receive(Datagram(65_535, 160), Ms(20));
        receiver.Receive(Datagram(1, 480), Ms(60));
        Assert.True(receiver.TryTakeMissing(out var first, out var count));
        Assert.Equal((0, 1), (first, count));
        receiver.OnSenderReport(new SenderReport(new Ssrc(Source), new NtpTime(0x1111_2222_3333_4444), 160, 2, 80), Ms(100));
        Assert.True(receiver.TryMakeReportBlock(Ms(600), out var block));
        Assert.Equal(new ReportBlock(new Ssrc(Source), 64, 1, 65_537, 0, 0x2222_3333, 32768), block);
        Assert.Equal("0.25", receiver.Statistics.FractionLost.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void OnBye_OtherSourceNext_TakesOverAtOnce()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(1, 160), Ms(0));
        receiver.OnBye(new Ssrc(Source));
        Assert.True(receiver.SourceEnded);
        Assert.Equal(ReceiveResult.Accepted, receiver.Receive(Datagram(1, 160, ssrc: 7), Ms(20)));
        Assert.Equal(new Ssrc(7), receiver.Source);
    }

    [Fact]
    public void Reconfigure_OtherClock_TicksGoOnInTheNewUnit()
    {
        var receiver = Receiver();
        long last = 0;
        for (var i = 0; i < 50; i++) last = Feed(receiver, Datagram(i, i * 160), i * 20, last, 160);
        receiver.Reconfigure(48_000, [new AcceptedPayload(new PayloadType(111), 48_000)]);
        receiver.Receive(Datagram(50, 777, payloadType: 111), Ms(1000));
        Assert.True(receiver.TryTake(Ms(1000), out var packet));
        Assert.True(packet.Gap && packet.NewSource);
        Assert.Equal(last * 6 + 960, packet.MediaTicks);
    }

    private static long Feed(RtpReceiver receiver, byte[] datagram, double ms, long last, int? step)
    {
        Assert.Equal(ReceiveResult.Accepted, receiver.Receive(datagram, Ms(ms)));
        Assert.True(receiver.TryTake(Ms(ms), out var packet));
        if (last != 0 && step is { } expected) Assert.Equal(expected, packet.MediaTicks - last);
        return packet.MediaTicks;
    }

    private static List<int> Sequences(RtpReceiver receiver, double ms)
    {
        var list = new List<int>();
        while (receiver.TryTake(Ms(ms), out var packet)) list.Add(packet.SequenceNumber);
        return list;
    }
}
