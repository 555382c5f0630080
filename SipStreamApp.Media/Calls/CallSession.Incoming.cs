using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>A call somebody places to us: ring, answer, refuse.</content>
internal sealed partial class CallSession
{
    private SipCallIncoming? _incoming;

    /// <summary>Who calls: the user of From.</summary>
    public static string CallerOf(SipCallIncoming incoming) => incoming.Invite.From?.Uri.User is { Length: > 0 } user ? user : "anonymous";

    /// <summary>Rings; on the sip loop. <paramref name="offered"/> is what the caller can do.</summary>
    public void Ring(SipCallIncoming incoming, SipAddresses addresses, OfferedCodecs offered, Instant now)
    {
        (_incoming, _call, _addresses, _targets) = (incoming, incoming.Call, addresses, [incoming.From]);
        var from = incoming.Invite.From;
        Volatile.Write(ref _facts, _facts with
        {
            Incoming = true, Status = CallStatus.Ring, SipStatus = 180, Caller = CallerOf(incoming),
            VisibleName = from?.Display is { Length: > 0 } name ? name : null, OfferedAudio = offered.Audio, OfferedVideo = offered.Video,
        });
        LogIncoming(Id, _facts.Caller, _request.Callee);
        _steps.Begin("ring", now);
        _services.Sip.Follow(_services.Sip.Agent.DialogOf(incoming.Call), _trace);
        _services.Sip.Agent.Ring(incoming.Call, 180, default, now);
        _timer.Set(now + _services.Options.RingTimeout);
    }

    /// <summary>Answers with just those codecs; on the sip loop.</summary>
    public Outcome<CallSnapshot> Answer(Codec? audio, Codec? video)
    {
        if (!IsRinging) return CallControlFailures.NotRinging;
        if (audio is null && video is null || audio is { } a && !_facts.OfferedAudio.Contains(a) || video is { } v && !_facts.OfferedVideo.Contains(v))
            return new Failure("no-common-codec", Blame.Caller, "The caller did not offer this", "Take codecs of those that were offered, and at least one.");
        return Answer(audio is { } sound ? [sound] : [], video is { } picture ? [picture] : []);
    }

    /// <summary>Answers with all that was offered and is known here, in our order of preference; on the sip loop. What stands in the way ends the call.</summary>
    public Outcome<CallSnapshot> AnswerAsOffered() => Answer(
        [.. _services.Options.AudioCodecs.Where(_facts.OfferedAudio.Contains)], [.. _services.Options.VideoCodecs.Where(_facts.OfferedVideo.Contains)]);

    private bool IsRinging => _incoming is not null && _facts is { AnsweredAt: null, IsEnded: false };

    private Outcome<CallSnapshot> Answer(ImmutableArray<Codec> audio, ImmutableArray<Codec> video)
    {
        if (!IsRinging || _incoming is not { } incoming) return CallControlFailures.NotRinging;
        var now = Now;
        if (!MakeMedia(incoming.From.Address, !audio.IsEmpty, !video.IsEmpty, audio, video))
            return new Failure("ports-exhausted", Blame.Server, _facts.End?.Title ?? "No RTP port is free", _facts.End?.Advice ?? "");
        Volatile.Write(ref _facts, _facts with { HasAudio = !audio.IsEmpty, HasVideo = !video.IsEmpty });
        if (incoming.Offer.IsEmpty)
        {
            Answered(_negotiator!.CreateOffer(), now);
            Set(CallStatus.Established, 200);
            return Snapshot;
        }

        var negotiation = _negotiator!.Answer(incoming.Offer.Span);
        if (negotiation is not { IsOk: true, LocalSdp: { } sdp })
        {
            End(FailureCauses.Of(negotiation.Problem));
            return new Failure("no-common-codec", Blame.Peer, _facts.End!.Title, _facts.End.Advice);
        }

        Answered(sdp, now);
        _oneWay = !SaysInactive(negotiation) && DoesNotListen(negotiation);
        Negotiate(negotiation, tolerant: false);
        Set(HeldStatus, 200);
        return Snapshot;
    }

    private void Answered(string sdp, Instant now)
    {
        LogAnswered(Id);
        _steps.Begin("media", now);
        (_answeredAt, _listensSince) = (now, now);
        Volatile.Write(ref _facts, _facts with { AnsweredAt = _services.Clock.UtcNow });
        _services.Sip.Agent.Answer(_incoming!.Call, Encoding.UTF8.GetBytes(sdp), now);
        _services.Sip.Drain(now);
        _timer.Set(now + CheckEvery);
    }

    // Binds ports and prepares the negotiation; ends the call where it cannot.
    private bool MakeMedia(IPAddress peer, bool audio, bool video, ImmutableArray<Codec> audioCodecs, ImmutableArray<Codec> videoCodecs)
    {
        var (local, advertised) = _services.AddressFor(peer);
        _media = new CallMedia(_services.RtpLoop, _publisher, _services.Hub.Frames, _services.Still)
        {
            FastUpdateWanted = () => _services.Sip.Loop.Post(SendFastUpdate),
            FirstPacket = _ => _services.Sip.Loop.Post(OnFirstPacket),
            ClipWanted = OnClipWanted,
            StreamEnded = () => _services.Sip.Loop.Post(OnInjectedEnded),
            Probe = new QualityProbe(_trace),
        };
        if (!_media.TryBind(_services.Ports, local, audio, video, _services.Clock, _services.LegOptions(Id), out var failure))
        {
            End(failure.Code == "ports-exhausted" ? CallCauses.PortsExhausted(_services.Options.RtpPorts) : CallCauses.Internal(failure.ToString()));
            return false;
        }

        _negotiator = new SipMediaNegotiator(new SipMediaOptions
        {
            Address = advertised, Audio = _media.PortOf(MediaKind.Audio), Video = _media.PortOf(MediaKind.Video),
            AudioCodecs = audioCodecs, VideoCodecs = videoCodecs, SessionId = (ulong)Random.Shared.NextInt64(1, int.MaxValue),
        });
        if (_injected is { } stream) _media.Send(s => s.Inject(stream));
        return true;
    }

    // Busy here is what a person who presses the red button says; the rest is told apart for the caller's sake.
    private static int RejectionOf(CallEnd end) => end.Code switch
    {
        "rejected-here" => 486,
        "forbidden-here" => 403,
        "no-common-codec" or "bad-sdp" => 488,
        "ports-exhausted" or "server-shutdown" => 503,
        "internal-error" => 500,
        _ => 480,
    };

    [LoggerMessage(LogIds.CallIncoming, LogLevel.Information, "Call {Call} from {Caller} rings for {Callee}")]
    private partial void LogIncoming(CallId call, string caller, string callee);
}
