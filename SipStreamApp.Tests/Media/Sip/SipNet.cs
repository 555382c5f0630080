using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Sip;

/// <summary>One user agent on the test network, with everything it said and heard.</summary>
internal sealed class SipPeer
{
    public SipPeer(string address, int seed, Func<SipUserAgentOptions, SipUserAgentOptions>? configure = null)
    {
        Address = IPAddress.Parse(address);
        var options = new SipUserAgentOptions { LocalAddress = _ => new SipLocalAddress(address, 5060), Random = SipRandom.Seeded(seed) };
        Agent = new SipUserAgent(configure?.Invoke(options) ?? options);
    }

    public IPAddress Address { get; }

    public SipUserAgent Agent { get; }

    public List<SipEvent> Events { get; } = [];

    /// <summary>Messages this peer sent, oldest first.</summary>
    public List<SipMessage> Sent { get; } = [];

    /// <summary>Called for every event; plays the host.</summary>
    public Action<SipEvent, Instant>? Host { get; set; }

    public SipEndpoint Endpoint(SipTransport transport = SipTransport.Udp) => new(Address, 5060, transport);

    public T Single<T>() where T : SipEvent => Assert.Single(Events.OfType<T>());

    public bool Saw<T>() where T : SipEvent => Events.OfType<T>().Any();

    public IEnumerable<SipMessage> SentRequests(SipMethod method) => Sent.Where(m => m.IsRequest && m.Method == method);

    public IEnumerable<SipMessage> SentResponses(int code) => Sent.Where(m => m.StatusCode == code);
}

/// <summary>A network in one thread with its own time: seeded loss, duplication and reordering.</summary>
internal sealed class SipNet(int seed = 1)
{
    private readonly Dictionary<IPAddress, SipPeer> _peers = [];
    private readonly PriorityQueue<(SipEndpoint From, SipOutgoing Message), (Instant At, long Order)> _wire = new();
    private readonly Random _random = new(seed);
    private long _order;

    public int KeepAlives { get; private set; }

    public Instant Now { get; private set; } = Instant.FromMilliseconds(1000);

    public double Loss { get; init; }

    public double Duplicate { get; init; }

    public bool Reorder { get; init; }

    /// <summary>Answers for peers that are not user agents: takes the message and where it went, returns replies.</summary>
    public Func<SipMessage, SipOutgoing, IEnumerable<byte[]>>? Server { get; set; }

    /// <summary>True for messages the network eats.</summary>
    public Func<SipMessage, bool> Drop { get; set; } = _ => false;

    /// <summary>True for destinations that refuse packets.</summary>
    public Func<SipEndpoint, bool> Refuse { get; set; } = _ => false;

    public SipPeer Add(SipPeer peer) => _peers[peer.Address] = peer;

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            Drain();
            var next = _wire.TryPeek(out _, out var head) ? head.At : Instant.Never;
            foreach (var peer in _peers.Values) next = Instant.Min(next, peer.Agent.NextDeadline);
            if (next > end) break;
            if (next > Now) Now = next;
            while (_wire.TryPeek(out _, out head) && head.At <= Now) Deliver(_wire.Dequeue());
            foreach (var peer in _peers.Values) peer.Agent.Tick(Now);
        }

        Now = end;
    }

    public void Run(double seconds) => Run(TimeSpan.FromSeconds(seconds));

    private void Drain()
    {
        var busy = true;
        while (busy)
        {
            busy = false;
            foreach (var peer in _peers.Values.ToArray())
            {
                while (peer.Agent.TryTakeMessage(out var message))
                {
                    busy = true;
                    Transmit(peer, message);
                }

                while (peer.Agent.TryTakeEvent(out var e))
                {
                    busy = true;
                    peer.Events.Add(e);
                    peer.Host?.Invoke(e, Now);
                }
            }
        }
    }

    private void Transmit(SipPeer peer, SipOutgoing message)
    {
        var parsed = SipParser.Parse(message.Bytes.Span);
        if (parsed.Status == SipParseStatus.KeepAlive)
        {
            KeepAlives++;
            return;
        }

        Assert.True(parsed.Status == SipParseStatus.Ok, $"{parsed.Reason}: {Encoding.UTF8.GetString(message.Bytes.Span)}");
        peer.Sent.Add(parsed.Message!);
        if (Refuse(message.To))
        {
            peer.Agent.TransportFailed(message.To, Now);
            return;
        }

        if (Drop(parsed.Message!)) return;
        var from = peer.Endpoint(message.To.Transport);
        var copies = message.To.IsReliable ? 1 : (_random.NextDouble() < Loss ? 0 : 1) + (_random.NextDouble() < Duplicate ? 1 : 0);
        for (var i = 0; i < copies; i++) Schedule(from, message);
    }

    private void Schedule(SipEndpoint from, SipOutgoing message)
    {
        var delay = Reorder && !message.To.IsReliable ? 5 + _random.NextDouble() * 60 : 10;
        _wire.Enqueue((from, message), (Now + TimeSpan.FromMilliseconds(delay), _order++));
    }

    private void Deliver((SipEndpoint From, SipOutgoing Message) packet)
    {
        if (_peers.TryGetValue(packet.Message.To.Address, out var peer))
        {
            peer.Agent.Receive(packet.Message.Bytes.Span, packet.From, Now);
            return;
        }

        if (Server is null) return;
        var replies = Server(SipParser.Parse(packet.Message.Bytes.Span).Message!, packet.Message).ToArray();
        foreach (var reply in replies) Schedule(packet.Message.To, new SipOutgoing(packet.From, reply));
    }
}

internal static class SipTestText
{
    public static readonly byte[] Offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"u8.ToArray();
    public static readonly byte[] Answer = "v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n"u8.ToArray();
    public static readonly byte[] Offer2 = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4002 RTP/AVP 8\r\n"u8.ToArray();

    public static SipUri Uri(string text) => SipUri.TryParse(text, out var uri) ? uri : throw new ArgumentException(text);

    public static SipNameAddr Address(string text) => SipNameAddr.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    public static SipCallRequest CallTo(string uri, SipCredentials? credentials = null) => new()
    {
        RequestUri = Uri(uri),
        From = Address("\"Alice\" <sip:alice@192.0.2.1>"),
        Credentials = credentials,
        Offer = Offer,
    };

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>A response to a request, made by hand like a server of another make would.</summary>
    public static byte[] Reply(SipMessage request, int code, string tag, string headers = "", string body = "")
    {
        var writer = SipResponses.Begin(new SipWriter(), request, new SipEndpoint(IPAddress.Parse("192.0.2.1"), 5060, SipTransport.Udp), code, null, tag);
        var raw = Encoding.UTF8.GetString(writer.Written) + headers + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "");
        return Encoding.UTF8.GetBytes($"{raw}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}
