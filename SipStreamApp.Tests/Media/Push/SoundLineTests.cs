using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class SoundLineTests
{
    private readonly MediaFramePool _pool = new();
    private readonly List<(byte First, double At)> _sent = [];
    private readonly PushSound _control = new();
    private readonly SoundLine _line;

    public SoundLineTests() =>
        _line = new SoundLine(Codec.Pcmu, 8000, _control, (payload, at, _) => _sent.Add((payload[0], at.TotalMilliseconds)));

    [Fact]
    public void Take_RunningSound_PassesItOnAsItIs()
    {
        for (var i = 0; i < 50; i++) Take(20 * i);
        Assert.Equal(50, _sent.Count);
        Assert.All(_sent, s => Assert.Equal(1, s.First));
        AssertSeamless();
    }

    [Fact]
    public void Tick_WhenSoundPauses_SendsSilenceAndNothingTwice()
    {
        for (var i = 0; i < 10; i++) Take(20 * i);
        for (var t = 200; t < 3000; t += 40) _line.Tick(TimeSpan.FromMilliseconds(t));
        var silence = _sent.Count(s => s.First == 0xFF);
        Assert.InRange(silence, 110, 130);
        for (var i = 125; i < 200; i++) Take(20 * i);
        AssertSeamless();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Take_WhenMuted_SendsSilenceOfTheSameLength()
    {
        for (var i = 0; i < 30; i++)
        {
            _control.Muted = i is >= 10 and < 20;
            Take(20 * i);
        }

        Assert.Equal(30, _sent.Count);
        Assert.All(_sent.Index(), s => Assert.Equal(s.Index is >= 10 and < 20 ? 0xFF : 1, s.Item.First));
        AssertSeamless();
    }

    [Fact]
    public void Take_WithAClip_SendsItOnceAndGoesBackToTheCall()
    {
        var packets = new byte[5 * SoundClip.PacketBytes];
        packets.AsSpan().Fill(7);
        _control.Clip = new SoundClip("a.wav", Codec.Pcmu, packets, Loop: false);
        for (var i = 0; i < 20; i++) Take(20 * i);
        Assert.Equal([7, 7, 7, 7, 7, 1], _sent.Take(6).Select(s => s.First));
        Assert.Equal(20, _sent.Count);
        Assert.Null(_control.Clip);
        AssertSeamless();
    }

    [Fact]
    public void Take_AfterALeapOfTheTimeLine_GoesOnThere()
    {
        Take(0);
        Take(3_600_000);
        Take(3_600_020);
        Assert.Equal([0, 3_600_000, 3_600_020], _sent.Select(s => s.At));
    }

    private void Take(int milliseconds)
    {
        var frame = _pool.Rent(160, out var room);
        room[..160].Fill(1);
        frame.Complete(TrackFormat.Default(Codec.Pcmu), 160, true, milliseconds * 8, TimeSpan.FromMilliseconds(milliseconds), Instant.Zero);
        _line.Take(frame, afterSkip: false);
        frame.Release();
    }

    private void AssertSeamless() => Assert.All(_sent.Zip(_sent.Skip(1)), p => Assert.Equal(20, p.Second.At - p.First.At, 3));
}
