using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Demo;

/// <summary>
/// The built-in callee: answers demo, demo-audio, demo-ring and demo-busy at the engine's own SIP port, for callers on this machine only.
/// A real user agent server on the real network path, so that a first call needs no SIP server.
/// </summary>
internal sealed partial class DemoCallee(CallServices services)
{
    private static readonly TimeSpan RingFor = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = services.Logger;
    private readonly DemoClip _clip = DemoClip.Load();

    /// <summary>Takes an incoming call, or null where it is not for the demo callee.</summary>
    public ISipCallOwner? Take(SipCallIncoming incoming, Instant now)
    {
        var user = incoming.Invite.RequestUri?.User ?? "";
        var ringFor = user == "demo-ring" ? RingFor : TimeSpan.Zero;
        if (user is not ("demo" or "demo-audio" or "demo-ring" or "demo-busy") || !IsLocal(incoming.From)) return null;
        LogCall(user, incoming.From);
        var call = new DemoCall(services, _clip, incoming, pictures: user != "demo-audio");
        if (user == "demo-busy") call.Refuse(486, now);
        else call.Ring(ringFor, now);
        return call;
    }

    // Anybody else could make this machine send a stream somewhere: the demo is not for the network.
    private static bool IsLocal(SipEndpoint from) => System.Net.IPAddress.IsLoopback(from.Address) || from.Address.Equals(Net.LocalAddress.RouteTo(from.Address));

    [LoggerMessage(LogIds.DemoCall, LogLevel.Debug, "The demo callee {User} takes a call from {From}")]
    private partial void LogCall(string user, SipEndpoint from);
}
