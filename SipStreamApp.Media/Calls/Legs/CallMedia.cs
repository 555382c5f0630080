using System.Diagnostics.CodeAnalysis;
using System.Net;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// The media of one call: what comes in by RTP is put in order, joined to frames, set on the common time line and published; silence goes
/// back, or what is injected. Made on any thread, then owned by the rtp loop; figures leave through <see cref="Figures"/>.
/// </summary>
internal sealed class CallMedia : IRtpLegOwner
{
    private static readonly TimeSpan FiguresEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromMilliseconds(600);

    private readonly NetLoop _loop;
    private readonly StreamPublisher _publisher;
    private readonly MediaFramePool _frames;
    private readonly StillPicture _still;
    private readonly StreamTimeline _timeline = new();
    private readonly List<InboundTrack> _tracks = [];
    private readonly LoopTimer _figuresTimer;
    private readonly LoopSignal _keyframeWanted;
    private readonly KeyframeRequester _keyframes = new(KeyframePatience);
    private CallSender? _sender;
    private long _lastPacket = Instant.Never.Ticks;
    private bool _closed;

    public CallMedia(NetLoop loop, StreamPublisher publisher, MediaFramePool frames, StillPicture still)
    {
        (_loop, _publisher, _frames, _still) = (loop, publisher, frames, still);
        _figuresTimer = loop.CreateTimer(UpdateFigures);
        _keyframeWanted = loop.CreateSignal(() => AskForKeyframe(_loop.Now));
        publisher.KeyframeWanted = _keyframeWanted.Set;
    }

    /// <summary>Set by the owner: sends SIP INFO picture_fast_update. Called on the rtp loop.</summary>
    public Action? FastUpdateWanted { get; init; }

    /// <summary>Set by the owner: told once, when the first packet came. Called on the rtp loop.</summary>
    public Action<Instant>? FirstPacket { get; init; }

    /// <summary>Set by the owner: keeps quality buckets and comes to the verdict; null: neither is wanted.</summary>
    public QualityProbe? Probe { get; init; }

    /// <summary>Set by the owner: a file that is played must come in another codec, and goes on at that packet. Called on the rtp loop.</summary>
    public Action<string, Codec, int>? ClipWanted { get; init; }

    /// <summary>Set by the owner: told when the injected stream has ended by itself. Called on the rtp loop.</summary>
    public Action? StreamEnded { get; init; }

    /// <summary>The figures of the last half second. Any thread.</summary>
    public IReadOnlyList<CallMediaSnapshot> Figures { get; private set; } = [];

    /// <summary>RTP packets of payload types that were not agreed on, and the last of these. Any thread; half a second old at most.</summary>
    public StrangePackets Strange { get; private set; } = new(0, 0);

    /// <summary>When the last RTP packet came; <see cref="Instant.Never"/> before the first. Any thread.</summary>
    public Instant LastPacketAt => new(Volatile.Read(ref _lastPacket));

    /// <summary>Binds the ports of the kinds that are wanted on <paramref name="local"/>; nothing stays bound where one fails. Any thread.</summary>
    public bool TryBind(
        RtpPorts ports, IPAddress local, bool audio, bool video, EngineClock clock, RtpLegOptions options, [NotNullWhen(false)] out Failure? failure)
    {
        failure = null;
        foreach (var kind in (ReadOnlySpan<MediaKind>)[MediaKind.Audio, MediaKind.Video])
        {
            if (kind == MediaKind.Audio ? !audio : !video) continue;
            var leg = new RtpLeg(_loop, clock, kind, this, options);
            _tracks.Add(new InboundTrack(leg, _timeline, _frames));
            if (!leg.TryBind(ports, local, out failure))
            {
                Close();
                return false;
            }
        }

        _sender = new CallSender(_loop, _still, _frames, LegOf(MediaKind.Audio), LegOf(MediaKind.Video), ClipWanted) { StreamEnded = StreamEnded };
        return true;
    }

    /// <summary>Our end of a kind for the offer; null where the call does without it.</summary>
    public SipMediaPort? PortOf(MediaKind kind) => LegOf(kind)?.SdpPort;

    /// <summary>Takes over what offer and answer came to. Any thread.</summary>
    public void Apply(SipNegotiation negotiation) => _loop.Post(() => Configure(negotiation, _loop.Now));

    /// <summary>What the peer hears and sees besides silence; on the rtp loop, where it lives. Work for it is dropped once the call is over.</summary>
    public Task<T> SendAsync<T>(Func<CallSender, T> work) => _loop.InvokeAsync(() => work(_sender!));

    /// <summary>As <see cref="SendAsync"/>, for what nobody waits for.</summary>
    public void Send(Action<CallSender> work) => _loop.Post(() => work(_sender!));

    /// <summary>Ends it: BYE by RTCP, ports closed, frames given back. Any thread; done soon.</summary>
    public void Close() => _loop.Post(static m => m.CloseNow(), this);

    public void OnPacket(RtpLeg leg, in ReceivedPacket packet, Instant now)
    {
        if (_lastPacket == Instant.Never.Ticks) FirstPacket?.Invoke(now);
        Volatile.Write(ref _lastPacket, now.Ticks);
        var track = TrackOf(leg);
        if (!track.Push(in packet)) return;
        while (track.TryTake(out var frame))
        {
            if (frame.Format.Kind == MediaKind.Video && frame.IsKeyframe) _keyframes.OnKeyframe();
            _publisher.Publish(frame);
            frame.Release();
        }

        if (track.KeyframeWanted) AskForKeyframe(now);
    }

    public void OnSenderReport(RtpLeg leg, in ReceivedSenderReport report)
    {
        TrackOf(leg).OnSenderReport(in report);
        _publisher.Stream.AvOffset = _timeline.MeasuredOffset;
    }

    public void OnKeyframeAsked(RtpLeg leg, Instant now)
    {
        _sender?.OnKeyframeAsked(now);
    }

    private InboundTrack TrackOf(RtpLeg leg) => _tracks[0].Leg == leg ? _tracks[0] : _tracks[1];

    private void Configure(SipNegotiation negotiation, Instant now)
    {
        if (_closed) return;
        foreach (var track in _tracks) track.Configure(negotiation[track.Leg.Kind], now);
        _publisher.Announce(FormatOf(MediaKind.Audio), FormatOf(MediaKind.Video));
        _sender!.Configure(now);
        if (_figuresTimer.Deadline == Instant.Never) UpdateFigures(now);
    }

    private TrackFormat? FormatOf(MediaKind kind) => _tracks.Find(t => t.Leg.Kind == kind)?.Format;

    private RtpLeg? LegOf(MediaKind kind) => _tracks.Find(t => t.Leg.Kind == kind)?.Leg;

    private void AskForKeyframe(Instant now)
    {
        var video = _tracks.Find(t => t.Leg.Kind == MediaKind.Video);
        if (_closed || video is null || !video.Leg.Receiver.HasSource || !_keyframes.TryAsk(now, out var way)) return;
        if (way == KeyframeWay.Info) FastUpdateWanted?.Invoke();
        else video.Leg.RequestKeyframe(byFir: way == KeyframeWay.Fir, now);
    }

    private void UpdateFigures(Instant now)
    {
        if (_closed) return;
        Figures = [.. _tracks.Select(t => t.Figures(now, _keyframes.Sent))];
        var strange = _tracks.Sum(t => t.Leg.Receiver.Statistics.UnknownPayload);
        if (strange > Strange.Packets) Strange = new StrangePackets(strange, _tracks.Max(t => t.Leg.Receiver.LastUnknownPayload));
        Probe?.Sample(_tracks, _publisher.Stream, _keyframes.Sent, now);
        _figuresTimer.Set(now + FiguresEvery);
    }

    private void CloseNow()
    {
        if (_closed) return;
        UpdateFigures(_loop.Now);
        Probe?.End();
        _closed = true;
        _sender?.Close();
        _figuresTimer.Cancel();
        _keyframeWanted.Close();
        foreach (var track in _tracks) track.Dispose();
    }
}

/// <summary>RTP packets of payload types that were not agreed on.</summary>
/// <param name="Packets">How many.</param>
/// <param name="PayloadType">Payload type of the last one, 0-127.</param>
internal sealed record StrangePackets(long Packets, int PayloadType);
