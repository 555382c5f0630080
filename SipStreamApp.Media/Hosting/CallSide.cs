using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Demo;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

/// <summary>Wires the calls: the sip and the rtp loop, the SIP port, the demo callee and the manager.</summary>
internal sealed class CallSide(EngineOptions options, EngineClock clock, StreamHub hub, CallEvents events, ISoundLibrary sounds, ILoggerFactory loggers) : IAsyncDisposable
{
    // BYE and un-REGISTER get this long to be answered before the port closes.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private NetLoop? _sip;
    private NetLoop? _rtp;
    private SipHost? _host;
    private RtpPorts? _ports;

    public CallManager? Manager { get; private set; }

    public CallServices? Services { get; private set; }

    /// <summary>Identities that are kept registered; null before the start.</summary>
    public KeptRegistrations? Kept { get; private set; }

    public int SipPort => _host?.Port ?? 0;

    public int RtpPortsInUse => _ports?.InUse ?? 0;

    /// <summary>The loops of signalling and of RTP; empty before the start.</summary>
    public IEnumerable<NetLoop> Loops => new[] { _sip, _rtp }.OfType<NetLoop>();

    /// <summary>Tries free RTP ports; null before the start.</summary>
    public RtpPortProbe? ProbePorts(int most) => _ports?.Probe(clock, most);

    /// <summary>Binds the SIP port and starts both loops. Returns what stood in the way, or null.</summary>
    public Failure? Start()
    {
        if (!PortRange.TryParse(options.Media.RtpPorts, out var range, out var failure)) return failure with { Field = "Media:RtpPorts" };
        if (!IPAddress.TryParse(options.Sip.Address, out var address))
            return new Failure("invalid-field", Blame.Caller, $"\"{options.Sip.Address}\" is not an IP address") { Field = "Sip:Address" };
        var netLogger = loggers.CreateLogger<NetLoop>();
        var logger = loggers.CreateLogger<CallManager>();
        _sip = new NetLoop("sip", clock, NetLoopOptions.Default, netLogger);
        _rtp = new NetLoop("rtp", clock, NetLoopOptions.Default, netLogger);
        if (!SipTls.TryCreate(options.Sip.TlsAuthorities, options.Sip.TlsVerify, out var tls, out failure)) return failure;
        var resolver = new SipResolver();
        // A call to the demo callee is two calls of the user agent, one at each end.
        _host = new SipHost(_sip, address, options.Sip.UserAgent, 2 * options.Limits.Calls, resolver, tls, logger);
        if (_host.Start(options.Sip.Port) is { } taken) return taken;
        _ports = new RtpPorts(range, RtpPorts.DefaultRest);
        Services = new CallServices
        {
            Clock = clock, Sip = _host, Resolver = resolver, RtpLoop = _rtp, Ports = _ports, Hub = hub, Logger = logger, Options = CallOptions(), Sounds = sounds,
            Registrations = new RegistrationPool(_host, TimeSpan.FromSeconds(options.Sip.RegistrationExpirySeconds)),
        };
        var (manager, kept, demo) = (new CallManager(Services, events), new KeptRegistrations(Services), options.Sip.DemoCallee ? new DemoCallee(Services) : null);
        (Manager, Kept) = (manager, kept);
        _host.IncomingCall = (call, now) => manager.Take(call, kept, now) ?? demo?.Take(call, now);
        _rtp.Start();
        _sip.Start();
        return null;
    }

    /// <summary>Ends all calls, and waits a moment for the other sides to hear of it.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (Manager is null || _sip is null || _host is null) return;
        await Manager.CloseAsync();
        if (Kept is { } kept) _sip.Post(kept.Close);
        var until = clock.Now + Farewell;
        while (clock.Now < until && !cancel.IsCancellationRequested && await _sip.InvokeAsync(() => _host.Pending > 0)) await Task.Delay(20, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sip is not null && _host is not null)
        {
            var host = _host;
            _host = null;
            _sip.Post(host.Dispose);
            await _sip.DisposeAsync();
        }

        if (_rtp is not null) await _rtp.DisposeAsync();
    }

    private CallOptions CallOptions() => new()
    {
        RingTimeout = TimeSpan.FromSeconds(options.Sip.RingTimeoutSeconds),
        SilenceTimeout = TimeSpan.FromSeconds(options.Media.SilenceTimeoutSeconds),
        JitterTarget = TimeSpan.FromMilliseconds(options.Media.JitterBufferMs),
        PublicAddress = IPAddress.TryParse(options.Media.PublicAddress, out var named) ? named : null,
        RtpPorts = options.Media.RtpPorts,
        AudioCodecs = CodecNames.Parse(options.Media.AudioCodecs, MediaKind.Audio),
        VideoCodecs = CodecNames.Parse(options.Media.VideoCodecs, MediaKind.Video),
        MaxCalls = options.Limits.Calls,
        Rules = new CallRules(options.Calls.AllowedCallees, options.Calls.AllowedDomains),
        MaxOfOwner = options.Limits.CallsPerKey,
        OwnerPerMinute = options.Limits.CallsPerKeyPerMinute,
    };
}
