// RFC 3261 section 8.1 (sending, retries), 18.1.1 (size), 22 (credentials), RFC 3263 section 4.3 (next address after a failure).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>Who asked for a request. Called once with a final outcome; for an INVITE with every 2xx.</summary>
internal interface ISipRequestUser
{
    void OnProvisional(SipOutgoingRequest request, SipMessage response, Instant now);

    void OnFinal(SipOutgoingRequest request, SipMessage response, Instant now);

    void OnFailed(SipOutgoingRequest request, SipFailureKind kind, Instant now);
}

/// <summary>One request until its outcome, over as many transactions as challenges and dead addresses make necessary.</summary>
internal sealed class SipOutgoingRequest : ISipClientTransactionUser, ISipTimerOwner, ISipResolveUser
{
    // Several proxies may challenge one after the other; past this somebody plays with us.
    private const int MaxAttempts = 12;

    private readonly SipCore _core;
    private readonly DigestClient _digest;
    private readonly ISipRequestUser? _user;
    private readonly SipTimer _guard;
    private IReadOnlyList<SipEndpoint> _targets = [];
    private SipClientTransaction? _transaction;
    private int _index;
    private int _attempts;
    private bool _switchedToTcp;
    private bool _tcpFailed;
    private bool _cancelSent;
    private string? _cancelReason;

    public SipOutgoingRequest(SipCore core, SipRequestDraft draft, DigestClient digest, ISipRequestUser? user)
    {
        (_core, Draft, _digest, _user) = (core, draft, digest, user);
        _guard = new SipTimer(this);
    }

    public SipRequestDraft Draft { get; }

    /// <summary>Where the last attempt went.</summary>
    public SipEndpoint Target { get; private set; }

    /// <summary>CSeq number of the last attempt.</summary>
    public uint CSeq { get; private set; }

    /// <summary>The address written into the Contact of the last attempt.</summary>
    public SipLocalAddress? SentContact { get; private set; }

    /// <summary>True once an outcome was reported (more 2xx of an INVITE may follow).</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why this side wants the request to stop; null while it does not.</summary>
    public SipFailureKind? CancelKind { get; private set; }

    /// <summary>The ACK of a 2xx, kept to repeat it.</summary>
    public SipAckSender? Ack { get; set; }

    public void Start(Instant now)
    {
        _digest.BeginRequest();
        if (Draft.Targets.Count > 0) OnResolved(Draft.Targets, now);
        else _core.Resolve(Draft.NextHop, this, now);
    }

    public void OnResolved(IReadOnlyList<SipEndpoint> targets, Instant now)
    {
        if (IsDone) return;
        (_targets, _index) = (targets, 0);
        if (targets.Count == 0) Fail(SipFailureKind.ResolveFailed, now);
        else Attempt(now);
    }

    /// <summary>Stops an INVITE: CANCEL now, or with the first provisional response (section 9.1).</summary>
    public void Cancel(SipFailureKind kind, string? reason, Instant now)
    {
        if (IsDone || CancelKind is not null) return;
        (CancelKind, _cancelReason) = (kind, reason);
        if (_transaction is null) Fail(kind, now);
        else if (_transaction.State == SipClientState.Proceeding) SendCancel(now);
    }

    public void OnResponse(SipClientTransaction transaction, SipMessage response, Instant now)
    {
        if (transaction != _transaction) return;
        var code = response.StatusCode;
        if (code < 200)
        {
            if (transaction.Method == SipMethod.Invite && !_guard.IsSet) _core.Timers.Set(_guard, now + _core.Options.Timers.Ring);
            if (CancelKind is not null) SendCancel(now);
            else _user?.OnProvisional(this, response, now);
            return;
        }

        _core.Timers.Cancel(_guard);
        if (CancelKind is null)
        {
            _core.Learn(Target, response);
            if (code is 401 or 407 && _attempts < MaxAttempts && _digest.Absorb(response))
            {
                Attempt(now);
                return;
            }

            if (code == 503 && _index + 1 < _targets.Count)
            {
                _index++;
                Attempt(now);
                return;
            }
        }

        IsDone = true;
        _user?.OnFinal(this, response, now);
    }

    public void OnFailed(SipClientTransaction transaction, SipFailureKind kind, Instant now)
    {
        if (transaction != _transaction || IsDone) return;
        _transaction = null;
        if (CancelKind is { } cancelled) Fail(cancelled, now);
        else if (_switchedToTcp && !_tcpFailed)
        {
            _tcpFailed = true;
            Attempt(now);
        }
        else if (_index + 1 < _targets.Count)
        {
            _index++;
            Attempt(now);
        }
        else Fail(kind, now);
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (IsDone) return;
        if (CancelKind is { } kind)
        {
            // The far end neither confirmed the CANCEL nor finished the INVITE: give it up (section 9.1).
            _transaction?.Terminate();
            Fail(kind, now);
        }
        else Cancel(SipFailureKind.Timeout, null, now);
    }

    /// <summary>The kind of a final response that is not a success.</summary>
    public SipFailureKind KindOf(SipMessage response) =>
        CancelKind ?? (response.StatusCode is 401 or 407 ? SipFailureKind.AuthenticationFailed : SipFailureKind.Rejected);

    /// <summary>Writes the credentials known so far (the ACK of a 2xx carries those of its INVITE, section 22.1).</summary>
    public void WriteCredentials(SipWriter writer, string method, string uri) => _digest.Write(writer, method, uri);

    private void Attempt(Instant now)
    {
        if (_core.Layer.IsFull)
        {
            Fail(SipFailureKind.LimitReached, now);
            return;
        }

        _attempts++;
        CSeq = Draft.CSeq.Next();
        var branch = _core.NewBranch();
        Target = _targets[_index];
        var bytes = Build(branch);
        _switchedToTcp = false;
        // A next hop that names UDP itself (transport=udp) is taken at its word.
        var mayUseTcp = _core.Options.TcpAllowed && Draft.NextHop.Transport != SipTransport.Udp && !_tcpFailed;
        if (Target.Transport == SipTransport.Udp && bytes.Length > _core.Options.MaxDatagram && mayUseTcp)
        {
            Target = Target with { Transport = SipTransport.Tcp };
            bytes = Build(branch);
            _switchedToTcp = true;
        }

        _transaction = _core.Layer.StartClient(branch, Draft.MethodId, bytes, Target, this, now);
    }

    private byte[] Build(string branch)
    {
        var writer = _core.Writer.Request(Draft.Method, Draft.RequestUri)
            .Header(SipHeader.Via, _core.Via(Target, branch))
            .Header(SipHeader.MaxForwards, 70);
        foreach (var route in Draft.Routes) writer.Header(SipHeader.Route, route);
        writer.Header(SipHeader.From, Draft.From).Header(SipHeader.To, Draft.To).Header(SipHeader.CallId, Draft.CallId)
            .Header(SipHeader.CSeq, $"{CSeq} {Draft.Method}");
        if (Draft.ContactUser is not null)
        {
            SentContact = _core.ContactAddress(Target);
            writer.Header(SipHeader.Contact, _core.Contact(Draft.ContactUser, Target) + Draft.ContactParams);
        }

        _digest.Write(writer, Draft.Method, Draft.RequestUri);
        foreach (var (name, value) in Draft.Headers) writer.Header(name, value);
        writer.Header(SipHeader.UserAgent, _core.Options.Product);
        writer.Body(Draft.ContentType, Draft.Body.Span);
        return writer.ToArray();
    }

    private void SendCancel(Instant now)
    {
        if (_cancelSent || _transaction is null) return;
        _cancelSent = true;
        if (SipAck.Cancel(_core.Writer, _transaction.Bytes, _cancelReason) is { } bytes)
            _core.Layer.StartClient(_transaction.Branch, SipMethod.Cancel, bytes, _transaction.Target, null, now);
        _core.Timers.Set(_guard, now + _core.Options.Timers.Transaction);
    }

    private void Fail(SipFailureKind kind, Instant now)
    {
        if (IsDone) return;
        IsDone = true;
        _core.Timers.Cancel(_guard);
        _user?.OnFailed(this, kind, now);
    }
}
