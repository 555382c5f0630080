using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class RtcpSessionTests
{
    private static readonly NtpTime Wall = NtpTime.FromUtc(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly byte[] _buffer = new byte[512];

    [Fact]
    public void Tick_TenMinutes_ReportsEarlyThenAtRandomIntervals()
    {
        var session = new RtcpSession(new Ssrc(1), "c", null, Receiver(), 7, Ms(0));
        var times = new List<double>();
        for (var ms = 0; ms < 600_000; ms += 10)
        {
            session.Tick(Ms(ms));
            if (session.TryTake(Ms(ms), At(ms), _buffer, out _)) times.Add(ms);
        }

        Assert.InRange(times[0], 400, 810);
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, 1490, 4520));
        Assert.InRange(gaps.Average(), 2700, 3300);
        Assert.True(gaps.Max() - gaps.Min() > 2000);
    }

    [Fact]
    public void TwoEnds_ReportBlocks_GiveTheRoundTrip()
    {
        var sender = new RtpSender(new Ssrc(1), 8000, 3);
        var receiver = Receiver();
        var left = new RtcpSession(new Ssrc(1), "left", sender, null, 1, Ms(0));
        var right = new RtcpSession(new Ssrc(2), "right", null, receiver, 2, Ms(0));
        sender.TryWrite(_buffer, new PayloadType(0), false, 0, new byte[160], Ms(0), out var length);
        receiver.Receive(_buffer.AsSpan(0, length), Ms(30));

        left.Tick(Ms(1000));
        Assert.True(left.TryTake(Ms(1000), At(1000), _buffer, out length));
        Assert.True(right.Receive(_buffer.AsSpan(0, length), Ms(1030), At(1030)));
        receiver.TryTake(Ms(1030), out _);
        Assert.True(receiver.TryTakeSenderReport(out var report));
        Assert.False(receiver.TryTakeSenderReport(out _));
        Assert.Equal(0, report.Ntp.Since(At(1000)).TotalMilliseconds, 0.01);

        right.Tick(Ms(1500));
        Assert.True(right.TryTake(Ms(1500), At(1500), _buffer, out length));
        Assert.True(left.Receive(_buffer.AsSpan(0, length), Ms(1530), At(1530)));
        Assert.Equal(60, sender.RoundTrip!.Value.TotalMilliseconds, 0.1);
        Assert.Equal(0, sender.RemoteFractionLost);
        Assert.Equal(Ms(1530), left.LastHeardAt);
    }

    [Fact]
    public void RequestKeyframe_KnownSource_GoesOutAtOnceAsCompound()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(1, 1), Ms(0));
        var session = new RtcpSession(new Ssrc(9), "c", null, receiver, 1, Ms(0));
        session.RequestKeyframe();
        session.RequestMissing(7, 3);
        Assert.True(session.TryTake(Ms(1), At(1), _buffer, out var length));
        var r = new RtcpReader(_buffer.AsSpan(0, length));
        RtcpType[] order = [RtcpType.ReceiverReport, RtcpType.SourceDescription, RtcpType.TransportFeedback, RtcpType.PayloadFeedback];
        foreach (var type in order)
        {
            Assert.True(r.MoveNext());
            Assert.Equal(type, r.Current.Type);
        }

        Assert.True(RtcpFeedback.IsPli(r.Current, new Ssrc(Source)));
        Assert.False(session.TryTake(Ms(1), At(1), _buffer, out _));
    }

    [Fact]
    public void RequestKeyframe_FirReducedSize_CountsUpAndGoesAlone()
    {
        var receiver = Receiver();
        receiver.Receive(Datagram(1, 1), Ms(0));
        var session = new RtcpSession(new Ssrc(9), "c", null, receiver, 1, Ms(0), new RtcpOptions { UseFir = true, ReducedSize = true });
        for (var expected = 1; expected <= 2; expected++)
        {
            session.RequestKeyframe();
            Assert.True(session.TryTake(Ms(1), At(1), _buffer, out var length));
            Assert.Equal(20, length);
            var r = new RtcpReader(_buffer.AsSpan(0, length));
            Assert.True(r.MoveNext());
            Assert.True(RtcpFeedback.TryGetFir(r.Current, new Ssrc(Source), out var number));
            Assert.Equal(expected, number);
        }
    }

    [Fact]
    public void Receive_KeyframeRequests_RepeatedFirCountsOnce()
    {
        var session = new RtcpSession(new Ssrc(9), "c", null, null, 1, Ms(0));
        foreach (var (number, asked) in new[] { (4, true), (4, false), (5, true) })
        {
            var w = new RtcpWriter(_buffer);
            w.Fir(new Ssrc(1), new Ssrc(9), (byte)number);
            Assert.True(session.Receive(w.Written, Ms(0), At(0)));
            Assert.Equal(asked, session.TryTakeKeyframeRequest());
        }
    }

    [Fact]
    public void End_SaysByeOnceAndFallsSilent()
    {
        var receiver = Receiver();
        var session = new RtcpSession(new Ssrc(9), "c", null, receiver, 1, Ms(0));
        session.End();
        Assert.True(session.TryTake(Ms(1), At(1), _buffer, out var length));
        var byes = 0;
        foreach (var packet in new RtcpReader(_buffer.AsSpan(0, length))) if (packet.IsByeFor(new Ssrc(9))) byes++;
        Assert.Equal(1, byes);
        session.Tick(Ms(60_000));
        Assert.False(session.TryTake(Ms(60_000), At(60_000), _buffer, out _));
        Assert.Equal(Instant.Never, session.NextDeadline);
    }

    private static NtpTime At(double ms) => Wall.Add(TimeSpan.FromMilliseconds(ms));
}
