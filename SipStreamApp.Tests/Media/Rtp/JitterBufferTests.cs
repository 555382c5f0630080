using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class JitterBufferTests
{
    private static readonly JitterOptions NoDelay = new() { Target = TimeSpan.Zero };

    [Fact]
    public void TryTake_TargetZeroInOrder_PassesInTheSameInstant()
    {
        var buffer = new JitterBuffer(8000, NoDelay);
        for (var i = 0; i < 10; i++)
        {
            Push(buffer, i, i * 160, i * 20);
            Assert.True(buffer.TryTake(Ms(i * 20), out var packet));
            Assert.Equal((i, 0, false), (packet.SequenceNumber, packet.LostBefore, packet.Gap));
            Assert.False(buffer.TryTake(Ms(i * 20), out _));
        }
    }

    [Fact]
    public void TryTake_TargetZeroGapFilledInTime_KeepsOrder()
    {
        var buffer = new JitterBuffer(8000, NoDelay);
        Push(buffer, 1, 160, 0);
        Assert.Equal("1", Drain(buffer, 0));
        Push(buffer, 3, 480, 1);
        Push(buffer, 4, 640, 2);
        Assert.Equal("", Drain(buffer, 2));
        Assert.Equal(Ms(21), buffer.NextDeadline);
        Push(buffer, 2, 320, 10);
        Assert.Equal("2 3 4", Drain(buffer, 10));
        Assert.Equal(0, buffer.Lost);
    }

    [Fact]
    public void TryTake_GapNeverFilled_WaitsReorderTimeThenMarksTheGap()
    {
        var buffer = new JitterBuffer(8000, NoDelay);
        Push(buffer, 1, 160, 0);
        Drain(buffer, 0);
        Push(buffer, 4, 640, 5);
        Push(buffer, 5, 800, 6);
        Assert.Equal("", Drain(buffer, 24.9));
        Assert.Equal("4(2) 5", Drain(buffer, 25));
        Assert.Equal(JitterResult.Late, Push(buffer, 2, 320, 26));
        Assert.Equal(JitterResult.Duplicate, Push(buffer, 4, 640, 26));
        Assert.Equal((2, 1, 1), (buffer.Lost, buffer.Late, buffer.Duplicates));
    }

    [Fact]
    public void TryTake_TargetSixty_ReleasesBehindTheArrivalLineNotBehindEachArrival()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions());
        double[] delays = [0, 30, 5, 45, 10, 0, 25];
        for (var i = 0; i < delays.Length; i++) Push(buffer, i, i * 160, i * 20 + delays[i]);
        for (var i = 0; i < delays.Length; i++)
        {
            Assert.Equal(Ms(60 + i * 20), buffer.NextDeadline);
            Assert.Equal("", Drain(buffer, 60 + i * 20 - 0.1));
            Assert.Equal($"{i}", Drain(buffer, 60 + i * 20));
        }
    }

    [Fact]
    public void TryTake_TargetSixtyStartReordered_LosesNothing()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions());
        Push(buffer, 2, 320, 0);
        Push(buffer, 1, 160, 1);
        Push(buffer, 0, 0, 2);
        Assert.Equal("0 1 2", Drain(buffer, 100));
    }

    [Fact]
    public void Target_DelaySpreadAboveIt_Adapts()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions());
        for (var i = 0; i < 100; i++)
        {
            Push(buffer, i, i * 160, i * 20 + (i % 10 == 5 ? 150 : 0));
            Drain(buffer, i * 20);
        }

        Assert.Equal(150, buffer.Target.TotalMilliseconds, 1.0);
    }

    [Fact]
    public void Push_NewSource_LetsTheOldOutFirstAndMarksTheGap()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions());
        for (var i = 0; i < 3; i++) Push(buffer, i, i * 160, i * 20);
        Push(buffer, 50_000, 99, 60, ssrc: 7);
        Assert.Equal("0 1 2", Drain(buffer, 60));
        Assert.True(buffer.TryTake(Ms(120), out var packet));
        Assert.Equal((50_000, 0, true, true), (packet.SequenceNumber, packet.LostBefore, packet.Gap, packet.NewSource));
    }

    [Fact]
    public void Push_TimestampJump_DoesNotHoldPacketsBeyondMaxDelay()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions());
        for (var i = 0; i < 5; i++) Push(buffer, i, i * 160, i * 20);
        for (var i = 5; i < 10; i++) Push(buffer, i, 4_000_000_000 + i * 160, i * 20);
        for (var i = 10; i < 15; i++) Push(buffer, i, i * 160, i * 20);
        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14", Drain(buffer, 14 * 20 + 60));
    }

    [Fact]
    public void Push_WiderThanTheLimit_StaysBoundedAndCountsTheHole()
    {
        var buffer = new JitterBuffer(8000, new JitterOptions { MaxPackets = 100 });
        for (var i = 0; i < 50; i++) Push(buffer, i, i * 160, 0);
        Push(buffer, 1000, 160_000, 1);
        Assert.StartsWith("0 1 2 3", Drain(buffer, 1), StringComparison.Ordinal);
        Assert.True(buffer.TryTake(Ms(600), out var packet));
        Assert.Equal((1000, 950, true), (packet.SequenceNumber, packet.LostBefore, packet.Gap));
        for (var i = 0; i < 10_000; i++) Push(buffer, 2000 + i * 7, i, 700);
        Assert.InRange(buffer.Count, 1, 200);
    }

    [Fact]
    public void Push_LargerThanASlot_IsDroppedAndCounted()
    {
        var buffer = new JitterBuffer(8000, NoDelay);
        Assert.Equal(JitterResult.TooLarge, buffer.Push(Parse(Datagram(1, 1, size: 1501)), Ms(0)));
        Assert.Equal(JitterResult.Held, buffer.Push(Parse(Datagram(1, 1, size: 1500)), Ms(0)));
        Assert.Equal(1, buffer.TooLarge);
    }

    private static JitterResult Push(JitterBuffer buffer, int sequence, long timestamp, double ms, uint ssrc = Source) =>
        buffer.Push(Parse(Datagram(sequence, timestamp, ssrc)), Ms(ms));

    private static string Drain(JitterBuffer buffer, double ms)
    {
        var text = new List<string>();
        while (buffer.TryTake(Ms(ms), out var p)) text.Add(p.LostBefore > 0 ? $"{p.SequenceNumber}({p.LostBefore})" : $"{p.SequenceNumber}");
        return string.Join(' ', text);
    }
}
