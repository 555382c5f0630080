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
/// One call, placed by us or taken from somebody. Lives on the sip loop; ends exactly once, with the first cause, and then
/// holds no port, no registration and no stream.
/// </summary>
internal sealed partial class CallSession : ISipCallOwner
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly CallServices _services;
    private readonly ILogger _logger;
    private readonly CallRequest _request;
    private readonly StreamPublisher _publisher;
    private readonly ICallWatcher _watcher;
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
    private Instant _listensSince = Instant.Never;

    public CallSession(CallServices services, CallId id, CallRequest request, StreamPublisher publisher, ICallWatcher watcher)
    {
        (_services, _request, _publisher, _watcher, _logger) = (services, request, publisher, watcher, services.Logger);
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

    /// <summary>Ends the call from here; on the sip loop.</summary>
    public void HangUp(CallEnd cause)
    {
        if (_facts.IsEnded) return;
        var established = _facts.AnsweredAt is not null;
        End(established || cause != CallCauses.HungUpHere ? cause : _facts.Incoming ? CallCauses.RejectedHere : CallCauses.CancelledHere);
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
        _watcher.Changed(this);
    }

    private void OnTimer(Instant now)
    {
        if (_facts.IsEnded) return;
        if (_facts.AnsweredAt is null)
        {
            End(_facts.Incoming ? CallCauses.NotAnsweredHere(_services.Options.RingTimeout) : CallCauses.NoAnswer(_services.Options.RingTimeout));
            return;
        }

        var limit = _services.Options.SilenceTimeout;
        var last = _media!.LastPacketAt;
        var silentSince = last == Instant.Never || last < _listensSince ? _listensSince : last;
        if (!IsHeld && now - silentSince >= limit)
        {
            End(last != Instant.Never ? CallCauses.MediaStopped(now - last)
                : _media.Strange is { Packets: > 0 } strange ? CallCauses.Undecodable(strange.Packets, strange.PayloadType)
                : CallCauses.NoMedia(limit, _negotiator!.Options.Address.ToString()));
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
        _watcher.Changed(this);
    }

    private void End(CallEnd end)
    {
        if (_facts.IsEnded) return;
        _timer.Cancel();
        _steps.End(Now);
        if (_call is { } call && _facts is { Incoming: true, AnsweredAt: null }) _services.Sip.Agent.Reject(call, RejectionOf(end), null, Now);
        else if (_call is { } other) _services.Sip.Agent.Hangup(other, Now);
        var status = !end.IsFailure ? CallStatus.Finish : end.Code == "busy" ? CallStatus.Busy : CallStatus.Failed;
        Volatile.Write(ref _facts, _facts with
        {
            Status = status, SipStatus = end.SipStatus ?? _facts.SipStatus, EndedAt = _services.Clock.UtcNow, End = end, Detail = end.Title,
            Media = _media?.Figures ?? [], Steps = _steps.All,
        });
        _publisher.End(end.Code switch
        {
            "no-media" or "undecodable" or "media-stopped" => StreamEndReason.RtpSilence,
            "server-shutdown" => StreamEndReason.Shutdown,
            "stream-terminated" => StreamEndReason.Terminated,
            _ => end.IsFailure ? StreamEndReason.PublisherFailed : StreamEndReason.PublisherStopped,
        });
        _media?.Close();
        _registration?.Release(Now);
        _services.Sip.Drain(Now);
        LogEnded(Id, end.Title, end.Raw);
        FinishControl(end);
        _watcher.Changed(this);
    }

    [LoggerMessage(LogIds.CallAnswered, LogLevel.Information, "Call {Call} answered")]
    private partial void LogAnswered(CallId call);

    [LoggerMessage(LogIds.CallEnded, LogLevel.Information, "Call {Call} ended: {Title} ({Raw})")]
    private partial void LogEnded(CallId call, string title, string? raw);
}
