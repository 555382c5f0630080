// RFC 3263 section 4: SRV for the service, A and AAAA for what it names.
using System.Net;
using System.Net.Sockets;
using DnsClient;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>Looks names up, outside the loops, and remembers in each address which name it is of. SRV comes from DNS; addresses from the system, so that its hosts file counts.</summary>
/// <param name="addresses">Gives the addresses of a host, or throws <see cref="SocketException"/>; null: the system does.</param>
internal sealed class SipResolver(Func<string, CancellationToken, Task<IPAddress[]>>? addresses = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lazy<LookupClient> _dns = new(() => new LookupClient(new LookupClientOptions { Timeout = TimeSpan.FromSeconds(2), Retries = 1 }));

    /// <summary>Where to send, best first; empty where nothing was found. Never throws but for <paramref name="cancel"/>.</summary>
    public async Task<IReadOnlyList<SipEndpoint>> ResolveAsync(SipNextHop hop, CancellationToken cancel)
    {
        if (hop.TryDirect(out var direct)) return [direct];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var found = new List<SipEndpoint>();
        foreach (var (name, transport) in hop.SrvNames())
        {
            foreach (var record in SrvOrder.Sort(await ServiceAsync(name, limit.Token), SipRandom.Secure))
            {
                foreach (var address in await AddressesAsync(record.Target.TrimEnd('.'), limit.Token))
                    found.Add(new SipEndpoint(address, record.Port, transport) { Name = hop.Host });
            }

            if (found.Count > 0) return found;
        }

        var plain = hop.Transport ?? (hop.Secure ? SipTransport.Tls : SipTransport.Udp);
        foreach (var address in await AddressesAsync(hop.Host, limit.Token))
            found.Add(new SipEndpoint(address, hop.Port != 0 ? hop.Port : SipEndpoint.DefaultPort(plain), plain) { Name = hop.Host });
        return found;
    }

    private async Task<IReadOnlyList<SrvRecord>> ServiceAsync(string name, CancellationToken cancel)
    {
        try
        {
            var answer = await _dns.Value.QueryAsync(name, QueryType.SRV, cancellationToken: cancel);
            return [.. answer.Answers.OfType<DnsClient.Protocol.SrvRecord>().Select(r => new SrvRecord(r.Priority, r.Weight, r.Port, r.Target.Value))];
        }
        catch (Exception e) when (e is DnsResponseException or OperationCanceledException or SocketException or ArgumentException or InvalidOperationException)
        {
            // No DNS server, or none that knows: the address look-up decides.
            return [];
        }
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, CancellationToken cancel)
    {
        try
        {
            var all = await (addresses ?? Dns.GetHostAddressesAsync)(host, cancel);
            return [.. all.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException)
        {
            return [];
        }
    }
}
