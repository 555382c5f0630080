using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

/// <summary>When which packet of a key press is due (RFC 4733 section 2.5.1).</summary>
public class DtmfPlayoutTests
{
    private readonly DtmfPlayout _playout = new();
    private readonly List<(double Ms, byte Event, bool End, int Duration, bool Begins)> _packets = [];

    [Theory]
    [InlineData(8000, 160)]
    [InlineData(48000, 960)]
    public void OneKey_IsAPacketEach20Ms_AndTheEndThreeTimes(int rate, int step)
    {
        _playout.Enqueue("5", _ => { }, Instant.FromMilliseconds(1000));
        Run(1000, 1300, rate);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 1000.0 + 20 * i), _packets.Select(p => p.Ms));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 8, 8], _packets.Select(p => p.Duration / step));
        Assert.All(_packets, p => Assert.Equal(0, p.Duration % step));
        Assert.Equal([false, false, false, false, false, false, false, true, true, true], _packets.Select(p => p.End));
        Assert.Equal(1, _packets.Count(p => p.Begins));
        Assert.True(_packets[0].Begins);
    }

    [Fact]
    public void Keys_FollowEachOtherWithAPause_AndReportTheEnd()
    {
        var done = new List<(double, bool)>();
        var now = 0.0;
        _playout.Enqueue("11#", ok => done.Add((now, ok)), Instant.FromMilliseconds(0));
        for (; now <= 800; now += 10) Step(now, 8000);
        Assert.Equal([(0.0, 1), (240.0, 1), (480.0, 11)], _packets.Where(p => p.Begins).Select(p => (p.Ms, (int)p.Event)));
        // Ready when the pause behind the last one is over: other sound may go on.
        Assert.Equal([(720.0, true)], done);
        Assert.False(_playout.IsActive);
    }

    [Fact]
    public void LateTick_StretchesThePressAndSendsNoBurst()
    {
        _playout.Enqueue("9", _ => { }, Instant.FromMilliseconds(0));
        Step(0, 8000);
        Step(500, 8000);
        Assert.Equal([0.0, 500.0], _packets.Select(p => p.Ms));
        Run(500, 1000, 8000);
        Assert.Equal(10, _packets.Count);
    }

    [Fact]
    public void Clear_InTheMiddle_TellsAllThatWait()
    {
        var said = new List<bool>();
        _playout.Enqueue("12", said.Add, Instant.FromMilliseconds(0));
        _playout.Enqueue("3", said.Add, Instant.FromMilliseconds(0));
        Run(0, 250, 8000);
        _playout.Clear();
        Assert.Equal([false, false], said);
        Assert.Equal(Instant.Never, _playout.NextDeadline);
        _packets.Clear();
        _playout.Enqueue("4", said.Add, Instant.FromMilliseconds(300));
        Run(300, 320, 8000);
        Assert.Equal([4], _packets.Select(p => (int)p.Event).Distinct());
        Assert.True(_packets[0].Begins);
    }

    [Fact]
    public void Enqueue_TooMany_IsRefused()
    {
        Assert.True(_playout.Enqueue(new string('1', DtmfPlayout.MaxWaiting), _ => { }, Instant.Zero));
        Assert.False(_playout.Enqueue("1", _ => { }, Instant.Zero));
    }

    private void Run(double from, double to, int rate)
    {
        for (var ms = from; ms <= to; ms += 10) Step(ms, rate);
    }

    private void Step(double ms, int rate)
    {
        Span<byte> payload = stackalloc byte[TelephoneEvent.Length];
        while (_playout.TryTake(Instant.FromMilliseconds(ms), rate, payload, out var begins))
        {
            Assert.True(TelephoneEvent.TryParse(payload, out var e));
            _packets.Add((ms, e.Event, e.IsEnd, e.Duration, begins));
        }
    }
}
