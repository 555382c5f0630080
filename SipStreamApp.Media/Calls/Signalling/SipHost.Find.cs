using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>Where requests go.</summary>
/// <param name="Targets">Best first; empty where there is a problem.</param>
/// <param name="Problem">What stands in the way, or null.</param>
internal sealed record SipRoute(IReadOnlyList<SipEndpoint> Targets, CallEnd? Problem);

/// <content>Finding servers before the first request.</content>
internal sealed partial class SipHost
{
    /// <summary>
    /// Where requests to that hop go. Over TLS the first server that can be trusted is connected to at once: our end of the connection is the Contact of the
    /// first request, and what is wrong with a certificate is known before a word of SIP is said. From any thread.
    /// </summary>
    public async Task<SipRoute> FindAsync(SipNextHop hop, CancellationToken cancel)
    {
        var targets = await _resolver.ResolveAsync(hop, cancel);
        var problem = targets.Count == 0 ? CallCauses.NameNotFound(hop.Host, "DNS has no address for it") : null;
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i].Transport == SipTransport.Tls) problem = await ConnectAsync(targets[i]).WaitAsync(cancel);
            if (targets[i].Transport != SipTransport.Tls || problem is null) return new SipRoute([.. targets.Skip(i)], null);
        }

        return new SipRoute([], problem);
    }

    private Task<CallEnd?> ConnectAsync(SipEndpoint server)
    {
        var done = new TaskCompletionSource<CallEnd?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(() => _connections.Open(server, (link, reason) => done.TrySetResult(reason switch
        {
            null => null,
            StreamCloseReason.SecureFailed => CallCauses.Untrusted($"{server}", link.Problem ?? ""),
            StreamCloseReason.ConnectFailed => CallCauses.Unreachable($"{server}", "connection refused"),
            _ => CallCauses.NoReply($"{server}"),
        })));
        return done.Task;
    }
}
