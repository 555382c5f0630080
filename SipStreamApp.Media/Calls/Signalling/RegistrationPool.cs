using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>
/// Registrations shared by calls and by those who keep an identity registered: two calls of one identity have one contact at the registrar, so the first un-REGISTER would take the
/// other's away. Lives on the sip loop.
/// </summary>
internal sealed class RegistrationPool(SipHost host, TimeSpan expires)
{
    private readonly Dictionary<string, Shared> _byIdentity = [];

    // Given back, and the registrar has not confirmed it yet.
    private readonly Dictionary<string, Shared> _leaving = [];

    /// <summary>Registrations that are wanted by somebody.</summary>
    public int Count => _byIdentity.Count;

    /// <summary>
    /// Joins the registration of an identity and starts it where there is none. <paramref name="done"/> hears once that it stands (null) or
    /// why it failed; <paramref name="each"/> hears of every refresh, too, and with it whether that was the last attempt. Its messages go to
    /// <paramref name="trace"/>, where there is one.
    /// </summary>
    public RegistrationLease Acquire(
        SipIdentity who, SipAddresses addresses, IReadOnlyList<SipEndpoint> targets, Instant now, Action<CallEnd?, Instant>? done, Action<CallEnd?, bool>? each = null,
        CallTrace? trace = null)
    {
        var key = $"{who.Login}@{who.Domain}|{who.AuthenticationName}|{who.OutboundProxy}|{who.Port}|{who.Transport}|{who.Password}";
        if (!_byIdentity.TryGetValue(key, out var shared))
        {
            shared = new Shared(this, key, $"{targets[0]}", new SipRegistrationRequest
            {
                Registrar = addresses.Registrar, AddressOfRecord = addresses.AddressOfRecord, Credentials = addresses.Credentials,
                Proxy = addresses.Proxy, Targets = targets, Expires = expires,

                // Calls come in over the connection we made, so it has to last (RFC 5626 section 4.4.1: every 95 to 120 s).
                KeepAlive = targets[0].Transport == SipTransport.Tls ? TimeSpan.FromSeconds(100) : TimeSpan.Zero,
            });
            _byIdentity[key] = shared;
            // An un-REGISTER under way has the same contact: coming late, it would take the new registration away.
            if (!_leaving.ContainsKey(key)) shared.Begin(now);
        }

        if (trace is not null) shared.Watch(trace);
        var lease = new RegistrationLease(shared, done, each);
        shared.Join(lease, now);
        host.Drain(now);
        return lease;
    }

    internal sealed class Shared(RegistrationPool pool, string key, string where, SipRegistrationRequest request) : ISipRegistrationOwner
    {
        private readonly List<RegistrationLease> _leases = [];

        // Of calls that came while it could not begin yet.
        private readonly List<CallTrace> _waiting = [];
        private SipRegistrationHandle? _handle;
        private bool _stands;
        private bool _fails;

        public void Begin(Instant now)
        {
            var handle = pool.Register(request, now);
            _handle = handle;
            pool.Own(handle, this);
            foreach (var trace in _waiting) pool.Follow(handle, trace);
            _waiting.Clear();
        }

        public void Watch(CallTrace trace)
        {
            if (_handle is { } handle) pool.Follow(handle, trace);
            else _waiting.Add(trace);
        }

        public void Join(RegistrationLease lease, Instant now)
        {
            _leases.Add(lease);
            if (_stands) lease.Tell(null, isLast: false, now);
            // Somebody new wants it: no reason to sit out the pause after a failure.
            else if (_fails && _handle is { } handle) pool.Refresh(handle, now);
        }

        public void Leave(RegistrationLease lease, Instant now)
        {
            if (!_leases.Remove(lease) || _leases.Count > 0) return;
            pool.Forget(key, this);
            if (_handle is { } handle) pool.Unregister(key, this, handle, now);
        }

        public void OnSip(SipRegistrationEvent fact, Instant now)
        {
            switch (fact)
            {
                case SipRegistered:
                    (_stands, _fails) = (true, false);
                    foreach (var lease in _leases.ToArray()) lease.Tell(null, isLast: false, now);
                    break;
                case SipRegistrationFailed failed:
                    // A call that was told it stands does not end for a refresh that failed: the machine tries again.
                    (_stands, _fails) = (false, true);
                    if (failed.RetryIn is null) pool.Forget(key, this);
                    var cause = FailureCauses.Of(failed.Failure, where);
                    foreach (var lease in _leases.ToArray()) lease.Tell(cause, isLast: failed.RetryIn is null, now);
                    break;
                case SipUnregistered:
                    pool.Left(key, this, now);
                    break;
            }
        }
    }

    private void Forget(string key, Shared shared)
    {
        if (_byIdentity.TryGetValue(key, out var current) && ReferenceEquals(current, shared)) _byIdentity.Remove(key);
    }

    private void Refresh(SipRegistrationHandle handle, Instant now)
    {
        host.Agent.Refresh(handle, now);
        host.Drain(now);
    }

    private SipRegistrationHandle Register(SipRegistrationRequest request, Instant now) => host.Agent.Register(request, now);

    private void Follow(SipRegistrationHandle handle, CallTrace trace) => host.Follow(host.Agent.DialogOf(handle), trace);

    private void Own(SipRegistrationHandle handle, Shared shared) => host.Own(handle, shared);

    private void Unregister(string key, Shared shared, SipRegistrationHandle handle, Instant now)
    {
        if (!host.Owns(handle)) return;
        _leaving[key] = shared;
        host.Agent.Unregister(handle, now);
        host.Drain(now);
    }

    private void Left(string key, Shared shared, Instant now)
    {
        if (!_leaving.TryGetValue(key, out var left) || !ReferenceEquals(left, shared)) return;
        _leaving.Remove(key);
        if (!_byIdentity.TryGetValue(key, out var next)) return;
        next.Begin(now);
        host.Drain(now);
    }
}

/// <summary>One call's share in a registration.</summary>
internal sealed class RegistrationLease(RegistrationPool.Shared shared, Action<CallEnd?, Instant>? done, Action<CallEnd?, bool>? each)
{
    private bool _told;
    private bool _released;

    /// <summary>Gives the share back; the last one un-registers.</summary>
    public void Release(Instant now)
    {
        (_told, _released) = (true, true);
        shared.Leave(this, now);
    }

    internal void Tell(CallEnd? failure, bool isLast, Instant now)
    {
        if (!_released) each?.Invoke(failure, isLast);
        if (_told) return;
        _told = true;
        done?.Invoke(failure, now);
    }
}
