using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class LossyCallTests
{
    [Theory]
    [InlineData(1, 0.0, 0.0, 0)]
    [InlineData(2, 0.05, 0.02, 35)]
    [InlineData(3, 0.20, 0.10, 50)]
    public void ThirtyMinuteCall_LossyReorderingWire_OrderHoldsAndFiguresAreTrue(int seed, double loss, double duplicate, double jitterMs)
    {
        const int Total = 90_000; // 30 minutes at 20 ms: the sequence number wraps
        var wire = new LossyWire(seed, loss, duplicate, 20, jitterMs);
        var sender = new RtpSender(new Ssrc(Source), 8000, (ulong)seed);
        var receiver = Receiver(jitter: new JitterOptions());
        var firstSequence = sender.NextSequenceNumber;
        long taken = 0, lostMarked = 0, last = -1;
        var firstTicks = 0L;
        var firstIndex = -1L;
        Span<byte> payload = stackalloc byte[160];
        var now = Ms(0);
        for (var i = 0; i < Total + 50; i++)
        {
            now = Ms(i * 20);
            // Once before the packet is sent, so that what waits in the buffer is drained at its deadline too.
            while (wire.TryReceive(now, out var datagram, out var at))
            {
                receiver.Receive(datagram, at);
                Drain(at);
            }

            Drain(now);
            if (i >= Total) continue;
            BitConverter.TryWriteBytes(payload, (long)i);
            var buffer = new byte[172];
            sender.TryWrite(buffer, new PayloadType(0), false, i * 160L, payload, now, out _);
            wire.Send(buffer, now);
        }

        void Drain(Instant at)
        {
            while (receiver.TryTake(at, out var p))
            {
                var index = BitConverter.ToInt64(p.Payload);
                Assert.Equal((ushort)(firstSequence + index), p.SequenceNumber);
                // Never back, never twice, and every hole is marked with its true width.
                if (last >= 0) Assert.Equal(index - last - 1, p.LostBefore);
                Assert.Equal(p.LostBefore > 0, p.Gap);
                if (firstIndex < 0) (firstIndex, firstTicks) = (index, p.MediaTicks);
                Assert.Equal((index - firstIndex) * 160, p.MediaTicks - firstTicks);
                (last, taken, lostMarked) = (index, taken + 1, lostMarked + p.LostBefore);
            }
        }

        var figures = receiver.Statistics;
        Assert.Equal(Total - wire.Lost, figures.Received);
        Assert.Equal(wire.Duplicated, figures.Duplicates);
        Assert.Equal(figures.Received - figures.Late, taken);
        Assert.Equal(figures.Expected - figures.Received, figures.Lost);
        Assert.Equal(figures.Lost + figures.Late, lostMarked);
        Assert.InRange(figures.Expected, Total - 10, Total);
        Assert.InRange(figures.Late, 0, Total / 500);
        if (jitterMs == 0) Assert.Equal((0, 0.0), (figures.Lost, Math.Round(figures.JitterMilliseconds, 3)));
        else Assert.InRange(figures.JitterMilliseconds, jitterMs / 6, jitterMs / 1.5);
        Assert.Equal((uint)Total, sender.Packets);
    }

    [Fact]
    public void Video_LostMiddlePacketOfAFrame_IsNeverPassedOver()
    {
        var wire = new LossyWire(5, 0.03, 0.02, 20, 15);
        var receiver = Receiver(90_000);
        var sequence = 65_000;
        var complete = new Dictionary<uint, int>();
        var broken = new HashSet<uint>();
        for (var frame = 0; frame < 3000; frame++)
        {
            for (var part = 0; part < 8; part++)
            {
                wire.Send(Datagram(sequence++, frame * 3000L, marker: part == 7), Ms(frame * 33.3 + part * 0.2));
            }

            while (wire.TryReceive(Ms(frame * 33.3 + 33), out var datagram, out var at))
            {
                receiver.Receive(datagram, at);
                Drain(at);
            }
        }

        void Drain(Instant at)
        {
            while (receiver.TryTake(at, out var p))
            {
                if (p.Gap) broken.Add(p.Timestamp);
                complete[p.Timestamp] = complete.GetValueOrDefault(p.Timestamp) + 1;
            }
        }

        Assert.True(wire.Lost > 300);
        // Nothing can be known to miss before the very first packet. Of all others: a frame that misses a packet in its middle
        // carries the mark; a loss at its very end stands on the frame behind it.
        var last = complete.Keys.Max();
        foreach (var (timestamp, packets) in complete)
        {
            if (packets == 8 || timestamp + 3000 > last || timestamp == 0) continue;
            Assert.True(broken.Contains(timestamp) || broken.Contains(timestamp + 3000), $"frame {timestamp / 3000}: {packets} packets, no mark");
        }
    }

    [Fact]
    public void Receiver_TenThousandPackets_AllocatesNothing()
    {
        var receiver = Receiver(jitter: new JitterOptions());
        var timeline = new StreamTimeline();
        var clock = timeline.AddTrack(MediaKind.Audio, 8000);
        var sender = new RtpSender(new Ssrc(Source), 8000, 1);
        var buffer = new byte[200];
        var payload = new byte[160];
        var out_ = 0;
        Run(0, 2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(2000, 12_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(out_, 11_000, 12_000);

        void Run(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                var now = Ms(i * 20);
                sender.TryWrite(buffer, new PayloadType(0), false, i * 160L, payload, now, out var length);
                // Every 50th is lost and every 7th comes twice.
                if (i % 50 != 3) receiver.Receive(buffer.AsSpan(0, length), now);
                if (i % 7 == 0) receiver.Receive(buffer.AsSpan(0, length), now);
                while (receiver.TryTake(now, out var p))
                {
                    clock.OnPacket(p.MediaTicks, p.ArrivedAt);
                    clock.ToStreamTime(p.MediaTicks);
                    out_++;
                }
            }
        }
    }
}
