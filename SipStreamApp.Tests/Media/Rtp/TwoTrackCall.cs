using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public enum BadReport
{
    None,
    Zero,
    OtherClock,
    Jumping,
}

/// <summary>A sender with a microphone and a camera on one clock, two wires of different delay, and our receivers and time line.</summary>
internal sealed class TwoTrackCall
{
    private readonly Random _random = new(11);
    private readonly RtpReceiver _audio = Packets.Receiver(8000);
    private readonly RtpReceiver _video = Packets.Receiver(90_000);
    private readonly PriorityQueue<(bool Video, byte[]? Packet, SenderReport Report), long> _flight = new();
    private TrackClock _audioClock = null!;
    private TrackClock _videoClock = null!;
    private double _audioOffset;
    private double _videoOffset;
    private TimeSpan? _lastVideo;
    private long _lastVideoTicks;
    private int _audioSequence;
    private int _videoSequence = 65_000;

    public double AudioDelayMs { get; init; } = 20;
    public double VideoDelayMs { get; init; } = 20;
    public double JitterMs { get; init; } = 5;
    public double VideoSkewPpm { get; init; }
    public double SenderWallSkewPpm { get; init; }
    public bool Reports { get; init; } = true;
    public BadReport Bad { get; init; }
    public double HoleFromMs { get; init; } = double.MaxValue;
    public double HoleMs { get; init; }
    public double NewVideoSourceAtMs { get; init; } = double.MaxValue;
    public long VideoTimestampBase { get; init; } = 1000;

    public StreamTimeline Timeline { get; } = new();

    /// <summary>Picture minus sound of the same moment of capture, on the stream's line.</summary>
    public double DifferenceMs => _videoOffset - _audioOffset;

    public double ConvergedAtMs { get; private set; }

    public double LargestVideoStepMs { get; private set; }

    public void Run(int milliseconds)
    {
        _audioClock = Timeline.AddTrack(MediaKind.Audio, 8000);
        _videoClock = Timeline.AddTrack(MediaKind.Video, 90_000);
        var nextFrame = 0.0;
        for (var ms = 0; ms < milliseconds; ms++)
        {
            var quiet = ms >= HoleFromMs && ms < HoleFromMs + HoleMs;
            if (ms % 20 == 0 && !quiet) Fly(false, Packets.Datagram(_audioSequence++, AudioTimestamp(ms)), ms);
            if (ms >= nextFrame)
            {
                nextFrame += 1000 / 30.0;
                if (!quiet) Fly(true, Packets.Datagram(_videoSequence++, VideoTimestamp(ms), VideoSource(ms), marker: true), ms);
            }

            if (Reports && ms % 3000 == 700) Report(false, ms);
            if (Reports && ms % 3000 == 1900) Report(true, ms);
            Deliver(ms);
        }
    }

    private static long AudioTimestamp(double ms) => (long)(ms * 8) + 123_456;

    private uint VideoSource(double ms) => ms < NewVideoSourceAtMs ? 5u : 6u;

    private long VideoTimestamp(double ms) =>
        (ms < NewVideoSourceAtMs ? VideoTimestampBase : 77_777) + (long)Math.Round(ms * 90 * (1 + VideoSkewPpm / 1e6));

    private void Report(bool video, double ms)
    {
        var wall = NtpTime.FromUtc(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var ntp = wall.Add(TimeSpan.FromMilliseconds(ms * (1 + SenderWallSkewPpm / 1e6)));
        if (video) ntp = Bad switch
        {
            BadReport.Zero => default,
            BadReport.OtherClock => ntp.Add(TimeSpan.FromHours(5)),
            BadReport.Jumping => ntp.Add(TimeSpan.FromSeconds(_random.Next(-3000, 3000))),
            _ => ntp,
        };
        var ssrc = new Ssrc(video ? VideoSource(ms) : Packets.Source);
        var timestamp = unchecked((uint)(video ? VideoTimestamp(ms) : AudioTimestamp(ms)));
        Fly(video, null, ms, new SenderReport(ssrc, ntp, timestamp, 0, 0));
    }

    private void Fly(bool video, byte[]? packet, double ms, SenderReport report = default)
    {
        var at = ms + (video ? VideoDelayMs : AudioDelayMs) + _random.NextDouble() * JitterMs;
        _flight.Enqueue((video, packet, report), Packets.Ms(at).Ticks);
    }

    private void Deliver(double ms)
    {
        while (_flight.TryPeek(out _, out var at) && at <= Packets.Ms(ms).Ticks)
        {
            var (video, packet, report) = _flight.Dequeue();
            var now = new Instant(at);
            var receiver = video ? _video : _audio;
            if (packet is null) receiver.OnSenderReport(in report, now);
            else receiver.Receive(packet, now);
            Drain(receiver, video ? _videoClock : _audioClock, video, now, ms);
        }

        Drain(_audio, _audioClock, false, Packets.Ms(ms), ms);
        Drain(_video, _videoClock, true, Packets.Ms(ms), ms);
    }

    private void Drain(RtpReceiver receiver, TrackClock clock, bool video, Instant now, double ms)
    {
        while (receiver.TryTake(now, out var p))
        {
            if (p.NewSource) clock.OnNewSource();
            clock.OnPacket(p.MediaTicks, p.ArrivedAt);
            var time = clock.ToStreamTime(p.MediaTicks);
            var captured = Captured(video, p.Ssrc, p.Timestamp);
            if (!video) _audioOffset = time.TotalMilliseconds - captured;
            else CheckVideo(time, p.MediaTicks, captured, ms);
        }

        if (receiver.TryTakeSenderReport(out var r)) clock.OnSenderReport(r.Ntp, r.MediaTicks, r.ArrivedAt);
    }

    // The moment of capture, known only to the test.
    private double Captured(bool video, Ssrc ssrc, uint timestamp)
    {
        if (!video) return unchecked(timestamp - 123_456u) / 8.0;
        var origin = ssrc.Value == 5 ? unchecked((uint)VideoTimestampBase) : 77_777u;
        return unchecked(timestamp - origin) / 90.0 / (1 + VideoSkewPpm / 1e6);
    }

    private void CheckVideo(TimeSpan time, long ticks, double captured, double ms)
    {
        if (_lastVideo is { } last)
        {
            var step = (time - last).TotalMilliseconds;
            var media = (ticks - _lastVideoTicks) / 90.0;
            Assert.True(step >= 0, $"went back at {ms} ms");
            Assert.True(Math.Abs(step - media) <= 0.04 * media + 0.01, $"slewed {step - media} ms over {media} ms at {ms} ms");
            LargestVideoStepMs = Math.Max(LargestVideoStepMs, step);
        }

        (_lastVideo, _lastVideoTicks) = (time, ticks);
        _videoOffset = time.TotalMilliseconds - captured;
        if (Math.Abs(DifferenceMs) > 10) ConvergedAtMs = ms;
    }
}
