using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>
/// Drives the user agent machine: feeds it datagrams, messages of connections, look-ups and time, sends what it says, and hands its events to the
/// owners of calls and registrations. Everything but <see cref="Start"/> and <see cref="FindAsync"/> runs on the sip loop.
/// </summary>
internal sealed partial class SipHost : IDatagramHandler, IDisposable
{
    private readonly ILogger _logger;
    private readonly SipResolver _resolver;
    private readonly SipConnections _connections;
    private readonly LoopTimer _timer;
    private readonly Dictionary<SipCallHandle, ISipCallOwner> _calls = [];
    private readonly Dictionary<SipRegistrationHandle, ISipRegistrationOwner> _registrations = [];
    private readonly SipTap _tap = new();
    private readonly IPAddress _address;
    private UdpPort? _udp;
    private bool _draining;
    private Instant _nextFloodLine = Instant.Zero;

    public SipHost(NetLoop loop, IPAddress address, string product, int maxCalls, SipResolver resolver, SipTls tls, ILogger logger)
    {
        (Loop, _address, _resolver, _logger) = (loop, address, resolver, logger);
        _timer = loop.CreateTimer(OnTimer);
        _connections = new SipConnections(loop, tls, OnStreamMessage, OnStreamFailed);
        Agent = new SipUserAgent(new SipUserAgentOptions { LocalAddress = LocalAddressFor, Product = product, MaxCalls = maxCalls });
    }

    public NetLoop Loop { get; }

    /// <summary>The machine; after each command to it call <see cref="Drain"/>.</summary>
    public SipUserAgent Agent { get; }

    /// <summary>The port really bound, UDP and TCP.</summary>
    public int Port { get; private set; }

    /// <summary>Takes calls that come in; null refuses them all.</summary>
    public Func<SipCallIncoming, Instant, ISipCallOwner?>? IncomingCall { get; set; }

    /// <summary>Holds back requests of strangers.</summary>
    public StrangerLimit Strangers { get; init; } = new();

    /// <summary>Calls and registrations that are not over yet.</summary>
    public int Pending => _calls.Count + _registrations.Count;

    /// <summary>Binds UDP and TCP; with port 0 the same free port for both. Returns what stood in the way, or null.</summary>
    public Failure? Start(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (!Loop.TryBind(new IPEndPoint(_address, port), this, UdpPortOptions.Sip, out var udp, out var failure)) return WithKey(failure);
            if (_connections.Listen(udp.LocalEndPoint, out failure))
            {
                (_udp, Port) = (udp, udp.LocalEndPoint.Port);
                return null;
            }

            udp.Dispose();
            // A free UDP port may be taken for TCP: with port 0 another one is tried.
            if (port != 0 || attempt == 20) return WithKey(failure!);
        }
    }

    public void Own(SipCallHandle call, ISipCallOwner owner) => _calls[call] = owner;

    public void Own(SipRegistrationHandle registration, ISipRegistrationOwner owner) => _registrations[registration] = owner;

    /// <summary>From now on the messages of that dialog or registration are kept in the trace; what just passed of an incoming one, too.</summary>
    public void Follow((string CallId, string LocalTag)? dialog, CallTrace trace)
    {
        if (dialog is { } known) _tap.Follow(known, trace, Loop.Now);
    }

    /// <summary>Whether that registration is not over yet.</summary>
    public bool Owns(SipRegistrationHandle registration) => _registrations.ContainsKey(registration);

    /// <summary>Takes from the machine until it has nothing more to say, then sleeps until its next deadline.</summary>
    public void Drain(Instant now)
    {
        // An owner that answers an event with a command comes back here; the outer drain goes on with what it said.
        if (_draining) return;
        _draining = true;
        try
        {
            bool more;
            do
            {
                more = false;
                while (Agent.TryTakeMessage(out var message))
                {
                    more = true;
                    Send(message);
                }

                while (Agent.TryTakeEvent(out var fact))
                {
                    more = true;
                    Dispatch(fact, now);
                }
            }
            while (more);
        }
        finally
        {
            _draining = false;
        }

        _timer.Set(Agent.NextDeadline);
    }

    public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
    {
        var address = from.Address;
        if (!StrangerLimit.IsRequest(datagram) || Strangers.Allows(address, now)) Receive(datagram, new SipEndpoint(address, from.Port, SipTransport.Udp), now);
        else if (now >= _nextFloodLine) OnFlood(address, now);
    }

    public void OnBatchEnd(Instant now) => Drain(now);

    public void OnUnreachable(UdpPort port, in PeerAddress peer, Instant now)
    {
        Agent.TransportFailed(new SipEndpoint(peer.Address, peer.Port, SipTransport.Udp), now);
        Drain(now);
    }

    public void Dispose()
    {
        _timer.Cancel();
        _udp?.Dispose();
        _connections.Dispose();
    }

    // One line a minute: a flood of requests must not become a flood of lines.
    private void OnFlood(IPAddress from, Instant now)
    {
        _nextFloodLine = now + TimeSpan.FromMinutes(1);
        LogFlood(from, Strangers.Dropped);
    }

    private static Failure WithKey(Failure failure) => failure with { Field = "Sip:Port", Advice = "Choose another port with Sip:Port, or 0 for any free one." };

    private void OnTimer(Instant now)
    {
        Agent.Tick(now);
        Drain(now);
    }

    private void OnStreamMessage(ReadOnlySpan<byte> message, SipEndpoint from, Instant now)
    {
        Receive(message, from, now);
        Drain(now);
    }

    private void Receive(ReadOnlySpan<byte> message, in SipEndpoint from, Instant now)
    {
        _tap.Pass(message, sent: false, from, LocalAddressFor, now);
        Agent.Receive(message, from, now);
    }

    private void OnStreamFailed(SipLink link, StreamCloseReason reason, Instant now)
    {
        var peer = link.Peer;
        if (reason == StreamCloseReason.SecureFailed) LogUntrusted(peer, link.Problem ?? "");
        Agent.TransportFailed(peer, now);
        Drain(now);
    }

    private void Send(in SipOutgoing message)
    {
        _tap.Pass(message.Bytes.Span, sent: true, message.To, LocalAddressFor, Loop.Now);
        if (StrangerLimit.IsRequest(message.Bytes.Span)) Strangers.SentTo(message.To.Address, Loop.Now);
        if (message.To.Transport == SipTransport.Udp) _udp?.Send(message.Bytes.Span, PeerAddress.From(message.To.Address, message.To.Port));
        else _connections.Send(message);
    }

    private void Dispatch(SipEvent fact, Instant now)
    {
        switch (fact)
        {
            case SipResolveNeeded need:
                _ = ResolveAsync(need);
                break;
            case SipCallIncoming incoming when IncomingCall?.Invoke(incoming, now) is { } owner:
                _calls[incoming.Call] = owner;
                break;
            case SipCallIncoming incoming:
                LogRefused(incoming.From);
                Agent.Reject(incoming.Call, 403, null, now);
                break;
            case SipCallEvent call when _calls.TryGetValue(call.Call, out var owner):
                if (call is SipCallFailed or SipCallEnded or SipCallCancelled) _calls.Remove(call.Call);
                owner.OnSip(call, now);
                break;
            case SipRegistrationEvent registration when _registrations.TryGetValue(registration.Registration, out var owner):
                if (registration is SipUnregistered or SipRegistrationFailed { RetryIn: null }) _registrations.Remove(registration.Registration);
                owner.OnSip(registration, now);
                break;
        }
    }

    private async Task ResolveAsync(SipResolveNeeded need)
    {
        var targets = await _resolver.ResolveAsync(need.Hop, CancellationToken.None);
        Loop.Post(() =>
        {
            Agent.Resolved(need.Id, targets, Loop.Now);
            Drain(Loop.Now);
        });
    }

    private SipLocalAddress LocalAddressFor(SipEndpoint peer)
    {
        // Nobody can connect to us by TLS: we are found at our end of the connection we made.
        if (peer.Transport == SipTransport.Tls && _connections.LocalEndOf(peer) is { } end) return new SipLocalAddress(end.Address.ToString(), end.Port);
        var local = _address.Equals(IPAddress.Any) || _address.Equals(IPAddress.IPv6Any) ? LocalAddress.RouteTo(peer.Address) : _address;
        return new SipLocalAddress((local ?? IPAddress.Loopback).ToString(), Port);
    }

    [LoggerMessage(LogIds.IncomingRefused, LogLevel.Information, "An incoming call from {From} was refused: nothing here takes it")]
    private partial void LogRefused(SipEndpoint from);

    [LoggerMessage(LogIds.Untrusted, LogLevel.Warning, "No secure connection to the SIP server at {Peer}: {Problem}")]
    private partial void LogUntrusted(SipEndpoint peer, string problem);

    [LoggerMessage(LogIds.StrangersHeldBack, LogLevel.Warning, "Too many SIP requests from strangers, now from {From}: {Dropped} were dropped so far")]
    private partial void LogFlood(IPAddress from, long dropped);
}
