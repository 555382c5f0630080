// What calls, registrations and the facade share: output, timers, transactions, look-ups, learned addresses.
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>Who waits for a name to be looked up.</summary>
internal interface ISipResolveUser
{
    /// <summary>Addresses in the order to try; empty where none was found.</summary>
    void OnResolved(IReadOnlyList<SipEndpoint> targets, Instant now);
}

internal sealed class SipCore
{
    // One entry per server we register at or call through.
    private const int MaxLearned = 256;

    private readonly Dictionary<long, ISipResolveUser> _resolving = [];
    private readonly Dictionary<SipEndpoint, SipLocalAddress> _learned = [];
    private long _lastId;

    public SipCore(SipUserAgentOptions options)
    {
        Options = options;
        Layer = new SipTransactionLayer(options.Timers, Timers, Output, Writer, options.MaxTransactions);
    }

    public SipUserAgentOptions Options { get; }

    public SipWriter Writer { get; } = new();

    public SipTimerQueue Timers { get; } = new();

    public Queue<SipOutgoing> Output { get; } = [];

    public Queue<SipEvent> Events { get; } = [];

    public SipTransactionLayer Layer { get; }

    public SipRandom Random => Options.Random;

    public int ResolvingCount => _resolving.Count;

    public long NextId() => ++_lastId;

    public void Emit(SipEvent e) => Events.Enqueue(e);

    /// <summary>Finds the addresses of a next hop, at once where it is an address itself.</summary>
    public void Resolve(SipUri nextHop, ISipResolveUser user, Instant now)
    {
        var hop = SipNextHop.Of(nextHop);
        if (!nextHop.IsSip || hop.Host.Length == 0) user.OnResolved([], now);
        else if (hop.TryDirect(out var target)) user.OnResolved([target], now);
        else
        {
            var id = NextId();
            _resolving[id] = user;
            Emit(new SipResolveNeeded(id, hop));
        }
    }

    public void Resolved(long id, IReadOnlyList<SipEndpoint> targets, Instant now)
    {
        if (_resolving.Remove(id, out var user)) user.OnResolved(targets, now);
    }

    /// <summary>Our address for Contact: what the server saw where that is known, else the local one.</summary>
    public SipLocalAddress ContactAddress(SipEndpoint target) =>
        Options.UseLearnedAddress && target.Transport != SipTransport.Tcp && _learned.TryGetValue(target, out var seen) ? seen : Options.LocalAddress(target);

    /// <summary>
    /// Reads the address a server saw (RFC 3581); true where it is news. Over TLS it names our end of the connection, by which the server finds it again;
    /// over TCP we listen, and are found at the port we name.
    /// </summary>
    public bool Learn(SipEndpoint target, SipMessage response)
    {
        if (response.TopVia is not { } via || target.Transport == SipTransport.Tcp) return false;
        if (via.RPort is null && via.Received is null) return false;
        var host = via.Received is { Length: > 0 } received ? received : via.Host;
        if (!IPAddress.TryParse(host, out _)) return false;
        var port = int.TryParse(via.RPort, out var seen) && seen is > 0 and < 65536 ? seen : via.Port;
        var address = new SipLocalAddress(host, port);
        if (address == ContactAddress(target)) return false;
        if (_learned.Count >= MaxLearned) _learned.Clear();
        _learned[target] = address;
        return true;
    }

    /// <summary>The connection to it is gone: the next one has another port.</summary>
    public void Unlearn(SipEndpoint target)
    {
        if (target.IsReliable) _learned.Remove(target);
    }

    /// <summary>Contact value for a request or response to that destination.</summary>
    public string Contact(string user, SipEndpoint target)
    {
        var at = ContactAddress(target);
        var transport = target.Transport switch
        {
            SipTransport.Tcp => ";transport=tcp",
            SipTransport.Tls => ";transport=tls",
            _ => "",
        };
        return $"<sip:{(user.Length == 0 ? "" : user + "@")}{at}{transport}>";
    }

    public string Via(SipEndpoint target, string branch) =>
        $"SIP/2.0/{target.TransportText} {Options.LocalAddress(target)};branch={branch};rport";

    public string NewBranch() => SipVia.MagicCookie + Random.Token(12);
}
