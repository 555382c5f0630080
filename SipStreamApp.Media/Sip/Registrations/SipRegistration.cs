// RFC 3261 section 10.2 (registering, refreshing, removing), RFC 5626 section 4.5 (back-off), RFC 3581 (our address behind NAT).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>One address kept at one registrar.</summary>
internal sealed class SipRegistration : ISipRequestUser, ISipTimerOwner
{
    private const int MaxBrief = 3;

    private static readonly byte[] Ping = "\r\n\r\n"u8.ToArray();

    private readonly SipCore _core;
    private readonly SipRegistrationRequest _request;
    private readonly Action<SipRegistration> _removed;
    private readonly DigestClient _digest;
    private readonly SipTimer _timer;
    private readonly SipTimer _keepAlive;
    private readonly SipCSeq _cseq = new();
    private readonly string _callId;
    private readonly string _tag;
    private SipOutgoingRequest? _sent;
    private SipEndpoint _server;
    private TimeSpan _expires;
    private int _failures;
    private int _brief;
    private bool _leaving;
    private bool _moved;

    public SipRegistration(SipCore core, SipRegistrationRequest request, Action<SipRegistration> removed)
    {
        (_core, _request, _removed, _expires) = (core, request, removed, request.Expires);
        Handle = new SipRegistrationHandle(core.NextId());
        _digest = new DigestClient(request.Credentials, core.Random);
        (_timer, _keepAlive) = (new SipTimer(this), new SipTimer(this));
        // The same Call-ID and a growing CSeq for all of them (section 10.2.4).
        (_callId, _tag) = (core.Random.Token(16), core.Random.Token());
    }

    public SipRegistrationHandle Handle { get; }

    /// <summary>Call-ID and From tag of all its requests.</summary>
    public (string CallId, string LocalTag) Dialog => (_callId, _tag);

    /// <summary>Registers now, or sooner than planned (the network changed, say).</summary>
    public void Register(Instant now)
    {
        if (!_leaving && _sent is null) Send(_expires, now);
    }

    public void Unregister(Instant now)
    {
        if (_leaving) return;
        _leaving = true;
        _core.Timers.Cancel(_timer);
        _core.Timers.Cancel(_keepAlive);
        // A REGISTER under way must end first: they must not overtake each other (section 10.2).
        if (_sent is null) Send(TimeSpan.Zero, now);
    }

    /// <summary>
    /// The connection it was made over is gone, and a server that was started anew has forgotten us: registers again in a moment. After a while
    /// only, or a server that hangs up after each answer would be asked without end.
    /// </summary>
    public void OnTransportFailed(SipEndpoint destination, Instant now)
    {
        if (_leaving || _sent is not null || !_timer.IsSet || !destination.IsReliable || _server != destination) return;
        var soon = now + _core.Options.RegistrationRetryFirst * (0.5 + _core.Random.NextDouble() / 2);
        if (soon < _timer.Deadline) _core.Timers.Set(_timer, soon);
    }

    public void OnProvisional(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        // A registrar that says 100 is only slow.
    }

    public void OnFinal(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        _sent = null;
        var code = response.StatusCode;
        if (_leaving) Left(request, code, now);
        else if (code < 300) Registered(request, response, now);
        else if (code == 423 && response.Number(SipHeader.MinExpires) is { } seconds && TimeSpan.FromSeconds(seconds) > _expires && _brief++ < MaxBrief)
        {
            _expires = TimeSpan.FromSeconds(seconds);
            Send(_expires, now);
        }
        else Failed(SipFailure.From(response, request.KindOf(response)), now);
    }

    public void OnFailed(SipOutgoingRequest request, SipFailureKind kind, Instant now)
    {
        _sent = null;
        if (_leaving) Gone(false);
        else Failed(new SipFailure(kind), now);
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (timer == _timer)
        {
            Register(now);
            return;
        }

        _core.Layer.Send(_server, Ping);
        _core.Timers.Set(_keepAlive, now + _request.KeepAlive);
    }

    private void Send(TimeSpan expires, Instant now)
    {
        _core.Timers.Cancel(_timer);
        var address = new SipNameAddr(_request.AddressOfRecord.Display, _request.AddressOfRecord.Uri, SipParams.None).ToString();
        var seconds = ((long)expires.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var proxy = _request.Proxy;
        var draft = new SipRequestDraft
        {
            Method = "REGISTER",
            RequestUri = _request.Registrar.RequestLineText,
            From = $"{address};tag={_tag}",
            To = address,
            CallId = _callId,
            CSeq = _cseq,
            Routes = proxy is null ? [] : [$"<{(proxy.IsLoose ? proxy.Text : proxy.Text + ";lr")}>"],
            NextHop = proxy ?? _request.Registrar,
            Targets = _request.Targets,
            ContactUser = _request.ContactUser ?? _request.AddressOfRecord.Uri.User,
            ContactParams = $";expires={seconds}",
        };
        draft.Headers.Add(("Expires", seconds));
        draft.Headers.Add(("Allow", SipCall.Allow));
        draft.Headers.Add(("Supported", "100rel, timer"));
        _sent = new SipOutgoingRequest(_core, draft, _digest, this);
        _sent.Start(now);
    }

    private void Registered(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        (_failures, _brief) = (0, 0);
        var contact = _core.ContactAddress(request.Target);
        if (!_moved && SentContactDiffers(request))
        {
            // The server saw us at another address than we named: name that one. Once, or two NATs could play ping-pong.
            _moved = true;
            Send(_expires, now);
            return;
        }

        _moved = false;
        var granted = Granted(request, response);
        // At 85 % of the time granted; short intervals at half.
        var wait = granted < TimeSpan.FromSeconds(60) ? granted / 2 : granted * 0.85;
        _core.Timers.Set(_timer, now + (wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait));
        _server = request.Target;
        if (_request.KeepAlive > TimeSpan.Zero && !_keepAlive.IsSet) _core.Timers.Set(_keepAlive, now + _request.KeepAlive);
        _core.Emit(new SipRegistered(Handle, granted, contact));
    }

    private bool SentContactDiffers(SipOutgoingRequest request) => request.SentContact is { } sent && sent != _core.ContactAddress(request.Target);

    private TimeSpan Granted(SipOutgoingRequest request, SipMessage response)
    {
        var ours = SipNameAddr.TryParse(_core.Contact(request.Draft.ContactUser!, request.Target), out var contact) ? contact.Uri : null;
        foreach (var bound in response.Addresses(SipHeader.Contact))
            if (ours is not null && bound.Uri.Matches(ours) && uint.TryParse(bound.Params["expires"], out var own) && own > 0)
                return TimeSpan.FromSeconds(own);
        return response.Number(SipHeader.Expires) is { } all and > 0 ? TimeSpan.FromSeconds(all) : _expires;
    }

    private void Failed(SipFailure failure, Instant now)
    {
        _core.Timers.Cancel(_keepAlive);
        var wait = Retry(failure);
        if (wait is { } span) _core.Timers.Set(_timer, now + span);
        _core.Emit(new SipRegistrationFailed(Handle, failure, wait));
        if (wait is null) _removed(this);
    }

    // Refusals that will be repeated word by word are not worth a retry; everything that may pass is.
    private TimeSpan? Retry(SipFailure failure)
    {
        if (failure.Kind is SipFailureKind.AuthenticationFailed) return null;
        if (failure.Status is >= 300 and < 500 and not (408 or 423 or 480 or 491) or >= 600) return null;
        if (failure.RetryAfter is { } asked) return asked > _core.Options.RegistrationRetryMax ? _core.Options.RegistrationRetryMax : asked;
        var longest = _core.Options.RegistrationRetryFirst * Math.Pow(2, Math.Min(_failures++, 16));
        if (longest > _core.Options.RegistrationRetryMax) longest = _core.Options.RegistrationRetryMax;
        // Between half and all of it, so that a thousand accounts do not come back at once.
        return longest * (0.5 + _core.Random.NextDouble() / 2);
    }

    private void Left(SipOutgoingRequest request, int code, Instant now)
    {
        if (code < 300 && request.Draft.ContactParams != ";expires=0") Send(TimeSpan.Zero, now);
        else Gone(code < 300);
    }

    private void Gone(bool confirmed)
    {
        _core.Timers.Cancel(_timer);
        _core.Emit(new SipUnregistered(Handle, confirmed));
        _removed(this);
    }
}
