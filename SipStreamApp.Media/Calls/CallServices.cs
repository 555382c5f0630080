using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls;

/// <summary>What calls are made of: the loops, the ports, the hub and the limits. One object for all calls of an engine.</summary>
internal sealed record CallServices
{
    public required EngineClock Clock { get; init; }

    public required SipHost Sip { get; init; }

    public required SipResolver Resolver { get; init; }

    public required RegistrationPool Registrations { get; init; }

    /// <summary>Owner of all RTP ports.</summary>
    public required NetLoop RtpLoop { get; init; }

    public required RtpPorts Ports { get; init; }

    public required StreamHub Hub { get; init; }

    public required CallOptions Options { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>What is kept of each call for its page.</summary>
    public TraceBook Traces => LazyInitializer.EnsureInitialized(ref field, () => new TraceBook(Clock));

    /// <summary>Sound files; null where there are none.</summary>
    public ISoundLibrary? Sounds { get; init; }

    public StillPicture Still { get; } = StillPicture.Load();

    /// <summary>The address RTP is received on when it comes from <paramref name="peer"/>, and the one SDP names.</summary>
    public (IPAddress Local, IPAddress Advertised) AddressFor(IPAddress peer)
    {
        var local = LocalAddress.RouteTo(peer) ?? IPAddress.Loopback;
        // A peer on this machine cannot be expected to reach us by way of the router.
        return (local, Options.PublicAddress is { } named && !IPAddress.IsLoopback(local) ? named : local);
    }

    public RtpLegOptions LegOptions(CallId call) => new(Options.JitterTarget, $"{call.Value}@{Environment.MachineName}");
}
