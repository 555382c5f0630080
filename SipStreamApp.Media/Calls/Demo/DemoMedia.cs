using System.Diagnostics.CodeAnalysis;
using System.Net;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Media.Calls.Demo;

/// <summary>Sends the demo clip by RTP. Lives on the rtp loop.</summary>
internal sealed class DemoMedia : IRtpLegOwner
{
    private readonly CallServices _services;
    private readonly DemoClip _clip;
    private readonly List<RtpLeg> _legs = [];
    private readonly LoopTimer _timer;
    private readonly bool _pictures;
    private DemoPlayout? _playout;
    private (TrackFormat? Audio, TrackFormat? Video) _sent;
    private bool _closed;

    public DemoMedia(CallServices services, DemoClip clip, bool pictures)
    {
        (_services, _clip, _pictures) = (services, clip, pictures);
        _timer = services.RtpLoop.CreateTimer(Play);
    }

    /// <summary>Binds ports; the options name them. Any thread.</summary>
    public bool TryBind(IPAddress local, [NotNullWhen(true)] out SipMediaOptions? options, [NotNullWhen(false)] out Failure? failure)
    {
        (options, failure) = (null, null);
        var leg = new RtpLegOptions(TimeSpan.Zero, $"demo@{Environment.MachineName}");
        foreach (var kind in (ReadOnlySpan<MediaKind>)[MediaKind.Audio, MediaKind.Video])
        {
            if (kind == MediaKind.Video && !_pictures) continue;
            var next = new RtpLeg(_services.RtpLoop, _services.Clock, kind, this, leg);
            _legs.Add(next);
            if (next.TryBind(_services.Ports, local, out failure)) continue;
            Close();
            return false;
        }

        // The clip is H.264: nothing else is taken for the picture.
        options = new SipMediaOptions { Address = local, Audio = PortOf(MediaKind.Audio), Video = PortOf(MediaKind.Video), VideoCodecs = [Codec.H264] };
        return true;
    }

    public void Apply(SipNegotiation negotiation) => _services.RtpLoop.Post(() => Configure(negotiation, _services.RtpLoop.Now));

    public void Close() => _services.RtpLoop.Post(static m => m.CloseNow(), this);

    public void OnPacket(RtpLeg leg, in ReceivedPacket packet, Instant now)
    {
        // What the caller sends is counted by the leg; the demo callee has no ears.
    }

    public void OnSenderReport(RtpLeg leg, in ReceivedSenderReport report)
    {
        // Nothing is received that would have to be put on a time line.
    }

    public void OnKeyframeAsked(RtpLeg leg, Instant now) => _playout?.RequestKeyframe(now);

    private SipMediaPort? PortOf(MediaKind kind) => _legs.Find(l => l.Kind == kind)?.SdpPort;

    private void Configure(SipNegotiation negotiation, Instant now)
    {
        if (_closed) return;
        foreach (var leg in _legs) leg.Configure(negotiation[leg.Kind], now);
        var sent = (FormatOf(MediaKind.Audio), FormatOf(MediaKind.Video));
        if (_playout is not null && sent == _sent) return;
        _sent = sent;
        // The picture goes out as the clip has it, whatever profile was agreed on: every decoder that took part plays baseline.
        _playout = new DemoPlayout(_clip, sent.Item1, sent.Item2 is null ? null : _clip.VideoFormat, _services.Hub.Frames, now);
        _timer.Set(now);
    }

    private TrackFormat? FormatOf(MediaKind kind) => _legs.Find(l => l.Kind == kind)?.SendFormat;

    private void Play(Instant now)
    {
        if (_closed || _playout is null) return;
        while (_playout.TryTake(now, out var frame))
        {
            foreach (var leg in _legs) if (leg.Kind == frame.Format.Kind) leg.Send(frame, now);
            frame.Release();
        }

        _timer.Set(_playout.NextDeadline);
    }

    private void CloseNow()
    {
        if (_closed) return;
        _closed = true;
        _timer.Cancel();
        foreach (var leg in _legs) leg.Dispose();
    }
}
