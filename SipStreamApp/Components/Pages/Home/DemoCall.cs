using System.Net;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Components.Pages.Home;

/// <summary>The call that needs nothing: to the callee built into the engine, over loopback.</summary>
internal static class DemoCall
{
    /// <summary>The same call as a filled-in form.</summary>
    public static NewCallModel Twin(int sipPort) => new()
    {
        CallId = "demo-1", ToStream = "demo-1", Callee = "demo", SipLogin = "demo-caller", SipDomain = "127.0.0.1", SipPort = sipPort,
    };

    public static CallRequest Request(MediaEngine engine)
    {
        // Where SIP is bound to one address, the callee is to be found there only.
        var bound = IPAddress.TryParse(engine.Options.Sip.Address, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : IPAddress.Loopback;
        var host = bound.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{bound}]" : bound.ToString();
        var port = engine.Snapshot().SipPort;
        return new CallRequest($"sip:demo@{host}:{port}", new SipIdentity("demo-caller", host) { Port = port })
        {
            ToStream = "demo-" + Guid.CreateVersion7().ToString("N")[^8..],
        };
    }
}
