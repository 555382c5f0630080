using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>
/// How many SIP requests strangers may send by UDP, where the sender's address may be forged: an INVITE that nobody acknowledges is answered
/// up to eleven times (RFC 3261 section 17.2.1, timer G), which would make this server a reflector. Peers that were sent a request before
/// (registrars, proxies, callees) and this machine itself are no strangers; TCP proves the address. Pure.
/// </summary>
internal sealed class StrangerLimit
{
    /// <summary>Requests a second from one address.</summary>
    public const int PerSecond = 20;

    /// <summary>Requests at once from one address.</summary>
    public const int Burst = 60;

    /// <summary>Requests a second from all strangers.</summary>
    public const int AllPerSecond = 200;

    private const int MaxAddresses = 4096;
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(30);
    private readonly Dictionary<IPAddress, Instant> _peers = [];
    private readonly Dictionary<IPAddress, Bucket> _strangers = [];
    private readonly bool _trustLoopback;
    private Bucket _all = new(2 * AllPerSecond, Instant.Zero);

    public StrangerLimit(bool trustLoopback = true) => _trustLoopback = trustLoopback;

    /// <summary>Requests that were dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>A request was sent there: what comes from there is expected from now on.</summary>
    public void SentTo(IPAddress peer, Instant now)
    {
        if (_peers.Count >= MaxAddresses && !_peers.ContainsKey(peer)) Forget(now);
        if (_peers.Count < MaxAddresses || _peers.ContainsKey(peer)) _peers[peer] = now + Known;
    }

    /// <summary>False where the request is to be dropped without an answer.</summary>
    public bool Allows(IPAddress from, Instant now)
    {
        if ((_trustLoopback && IPAddress.IsLoopback(from)) || (_peers.TryGetValue(from, out var until) && until > now)) return true;
        if (_strangers.Count >= MaxAddresses && !_strangers.ContainsKey(from)) _strangers.Clear();
        var bucket = _strangers.TryGetValue(from, out var known) ? known : new Bucket(Burst, now);
        var own = bucket.TryTake(PerSecond, Burst, now);
        _strangers[from] = bucket;

        // Who has used up his own share takes nothing from the share of all.
        if (own && _all.TryTake(AllPerSecond, 2 * AllPerSecond, now)) return true;
        Dropped++;
        return false;
    }

    /// <summary>True for what is no response.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> message) => !message.StartsWith("SIP/2.0 "u8);

    private void Forget(Instant now)
    {
        foreach (var (peer, until) in _peers)
            if (until <= now) _peers.Remove(peer);
    }

    private struct Bucket(double tokens, Instant at)
    {
        private double _tokens = tokens;
        private Instant _at = at;

        public bool TryTake(int perSecond, int burst, Instant now)
        {
            _tokens = Math.Min(burst, _tokens + Math.Max(0, (now - _at).TotalSeconds) * perSecond);
            _at = now;
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
    }
}
