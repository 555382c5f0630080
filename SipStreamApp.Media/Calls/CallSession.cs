using System.Text;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls;

/// <summary>
/// One call we place: resolve, register, invite, answer, end. Lives on the sip loop; ends exactly once, with the first cause, and then
/// holds no port, no registration and no stream.
/// </summary>
internal sealed partial class CallSession : ISipCallOwner
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly CallServices _services;
    private readonly ILogger _logger;
    private readonly CallRequest _request;
    private readonly StreamPublisher _publisher;
    private readonly Action<CallSession> _changed;
    private readonly CallSteps _steps;
    private readonly CallTrace _trace;
    private readonly LoopTimer _timer;
    private SipAddresses? _addresses;
    private SipUri? _callee;
    private IReadOnlyList<SipEndpoint> _targets = [];
    private RegistrationLease? _registration;
    private CallMedia? _media;
    private SipMediaNegotiator? _negotiator;
    private SipCallHandle? _call;
    private CallSnapshot _facts;
    private Instant _answeredAt = Instant.Never;
    private bool _held;
    private bool _oneWay;

    public CallSession(CallServices services, CallId id, CallRequest request, StreamPublisher publisher, Action<CallSession> changed)
    {
        (_services, _request, _publisher, _changed, _logger) = (services, request, publisher, changed, services.Logger);
        _steps = new CallSteps(services.Clock.Now);
        _timer = services.Sip.Loop.CreateTimer(OnTimer);
        _facts = new CallSnapshot
        {
            Id = id, Status = CallStatus.New, StreamName = publisher.Stream.Name, Caller = request.Identity.Login, Callee = request.Callee,
            Domain = request.Identity.Domain, VisibleName = request.Identity.VisibleName, AppKey = request.AppKey, HasAudio = request.HasAudio,
            HasVideo = request.HasVideo, RtmpUrl = request.RtmpUrl, RtmpStream = request.RtmpStream, CreatedAt = services.Clock.UtcNow,
        };
        _trace = services.Traces.Open(id, request, _facts.CreatedAt);
    }

    public CallId Id => _facts.Id;

    /// <summary>The call at this moment. Any thread.</summary>
    public CallSnapshot Snapshot
    {
        get
        {
            var facts = Volatile.Read(ref _facts);
            return facts.IsEnded ? facts : facts with { Media = _media?.Figures ?? [], Steps = _steps.All, Detail = CallDetail.Of(facts, _media, _answeredAt, _services.Clock.Now), Health = _trace.Health };
        }
    }

    private Instant Now => _services.Sip.Loop.Now;

    /// <summary>Begins; on the sip loop.</summary>
    public void Start()
    {
        LogStarted(Id, _request.Callee, _publisher.Stream.Name);
        Set(CallStatus.Pending);
        if (!SipAddresses.TryFrom(_request.Identity, out _addresses, out var wrong))
        {
            End(wrong);
            return;
        }

        if (!_addresses.TryCallee(_request.Callee, out _callee))
        {
            End(CallCauses.BadAddress(_request.Callee));
            return;
        }

        _steps.Begin("resolve", Now);
        _ = ResolveAsync(_addresses.NextHop(_callee));
    }

    /// <summary>Ends the call from here; on the sip loop.</summary>
    public void HangUp(CallEnd cause)
    {
        if (_facts.IsEnded) return;
        var established = _facts.AnsweredAt is not null;
        End(established || cause != CallCauses.HungUpHere ? cause : CallCauses.CancelledHere);
    }

    private async Task ResolveAsync(SipNextHop hop)
    {
        var targets = await _services.Resolver.ResolveAsync(hop, CancellationToken.None);
        _services.Sip.Loop.Post(() => OnResolved(hop, targets));
    }

    private void OnResolved(SipNextHop hop, IReadOnlyList<SipEndpoint> targets)
    {
        if (_facts.IsEnded) return;
        _targets = targets;
        if (targets.Count == 0)
        {
            End(CallCauses.NameNotFound(hop.Host, "DNS has no address for it"));
            return;
        }

        if (!_request.Identity.RegisterRequired)
        {
            Invite();
            return;
        }

        _steps.Begin("register", Now);
        _registration = _services.Registrations.Acquire(_request.Identity, _addresses!, targets, Now, OnRegistered, _trace);
    }

    private void OnRegistered(CallEnd? failure, Instant now)
    {
        if (_facts.IsEnded) return;
        if (failure is null) Invite();
        else End(CallCauses.RegistrationFailed(failure));
    }

    private void Invite()
    {
        _steps.Begin("invite", Now);
        var (local, advertised) = _services.AddressFor(_targets[0].Address);
        _media = new CallMedia(_services.RtpLoop, _publisher, _services.Hub.Frames, _services.Still)
        {
            FastUpdateWanted = () => _services.Sip.Loop.Post(SendFastUpdate),
            FirstPacket = _ => _services.Sip.Loop.Post(OnFirstPacket), Probe = new QualityProbe(_trace),
        };
        if (!_media.TryBind(_services.Ports, local, _request.HasAudio, _request.HasVideo, _services.Clock, _services.LegOptions(Id), out var failure))
        {
            End(failure.Code == "ports-exhausted" ? CallCauses.PortsExhausted(_services.Options.RtpPorts) : CallCauses.Internal(failure.ToString()));
            return;
        }

        _negotiator = new SipMediaNegotiator(new SipMediaOptions
        {
            Address = advertised, Audio = _media.PortOf(MediaKind.Audio), Video = _media.PortOf(MediaKind.Video),
            AudioCodecs = _services.Options.AudioCodecs, VideoCodecs = _services.Options.VideoCodecs,
            SessionId = (ulong)Random.Shared.NextInt64(1, int.MaxValue),
        });
        _call = _services.Sip.Agent.StartCall(
            new SipCallRequest
            {
                RequestUri = _callee!, From = _addresses!.AddressOfRecord, Credentials = _addresses.Credentials, Proxy = _addresses.Proxy,
                Targets = _targets, Offer = Encoding.UTF8.GetBytes(_negotiator.CreateOffer()),
            },
            Now);
        _services.Sip.Own(_call.Value, this);
        _services.Sip.Follow(_services.Sip.Agent.DialogOf(_call.Value), _trace);
        _timer.Set(Now + _services.Options.RingTimeout);
        _services.Sip.Drain(Now);
    }

    private void SendFastUpdate()
    {
        if (_call is not { } call || _facts.IsEnded || _facts.AnsweredAt is null) return;
        _services.Sip.Agent.SendInfo(call, FastUpdate.ContentType, FastUpdate.Body, Now);
        _services.Sip.Drain(Now);
    }

    private void OnFirstPacket()
    {
        if (_facts.IsEnded) return;
        if (_answeredAt != Instant.Never) _steps.End(Now);
        _changed(this);
    }

    private void OnTimer(Instant now)
    {
        if (_facts.IsEnded) return;
        if (_facts.AnsweredAt is null)
        {
            End(CallCauses.NoAnswer(_services.Options.RingTimeout));
            return;
        }

        var limit = _services.Options.SilenceTimeout;
        var last = _media!.LastPacketAt;
        var silentSince = last == Instant.Never || last < _answeredAt ? _answeredAt : last;
        if (!_held && now - silentSince >= limit)
        {
            End(last == Instant.Never ? CallCauses.NoMedia(limit, _negotiator!.Options.Address.ToString()) : CallCauses.MediaStopped(now - last));
            return;
        }

        _timer.Set(now + CheckEvery);
    }

    // A status is only ever left for a later one, but for hold and resume.
    private void Set(CallStatus status, int? sip = null)
    {
        if (_facts.IsEnded) return;
        if (_facts.Status == status && sip is null) return;
        Volatile.Write(ref _facts, _facts with { Status = status, SipStatus = sip ?? _facts.SipStatus });
        _changed(this);
    }

    private void End(CallEnd end)
    {
        if (_facts.IsEnded) return;
        _timer.Cancel();
        _steps.End(Now);
        if (_call is { } call) _services.Sip.Agent.Hangup(call, Now);
        var status = !end.IsFailure ? CallStatus.Finish : end.Code == "busy" ? CallStatus.Busy : CallStatus.Failed;
        Volatile.Write(ref _facts, _facts with
        {
            Status = status, SipStatus = end.SipStatus ?? _facts.SipStatus, EndedAt = _services.Clock.UtcNow, End = end, Detail = end.Title,
            Media = _media?.Figures ?? [], Steps = _steps.All,
        });
        _publisher.End(end.Code switch
        {
            "no-media" or "media-stopped" => StreamEndReason.RtpSilence,
            "server-shutdown" => StreamEndReason.Shutdown,
            "stream-terminated" => StreamEndReason.Terminated,
            _ => end.IsFailure ? StreamEndReason.PublisherFailed : StreamEndReason.PublisherStopped,
        });
        _media?.Close();
        _registration?.Release(Now);
        _services.Sip.Drain(Now);
        LogEnded(Id, end.Title, end.Raw);
        _changed(this);
    }

    [LoggerMessage(LogIds.CallStarted, LogLevel.Information, "Call {Call} to {Callee} becomes stream {Stream}")]
    private partial void LogStarted(CallId call, string callee, StreamName stream);

    [LoggerMessage(LogIds.CallAnswered, LogLevel.Information, "Call {Call} answered")]
    private partial void LogAnswered(CallId call);

    [LoggerMessage(LogIds.CallEnded, LogLevel.Information, "Call {Call} ended: {Title} ({Raw})")]
    private partial void LogEnded(CallId call, string title, string? raw);
}
