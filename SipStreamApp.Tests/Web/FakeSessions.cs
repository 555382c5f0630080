using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling;

namespace SipStreamApp.Tests.Web;

/// <summary>Client sessions made up for tests; remembers what was asked of them.</summary>
internal sealed class FakeSessions : IClientSessions
{
    private readonly Lock _lock = new();
    private List<ClientSessionInfo> _all = [];

    public IReadOnlyList<ClientSessionInfo> All
    {
        get
        {
            lock (_lock) return [.. _all];
        }
    }

    public List<(string Id, string Info)> Stopped { get; } = [];

    public List<(string Session, string Operation, string Payload)> Sent { get; } = [];

    public List<(string Stream, string Payload)> Events { get; } = [];

    /// <summary>A browser that plays <paramref name="stream"/>, and one it publishes where that is given.</summary>
    public static ClientSessionInfo Session(string id, string stream = "call_stream1", string? publishes = null, string appKey = "defaultApp") => new(
        id, appKey, "192.0.2.7:50123", "10006", MadeUp.Noon,
        (JsonObject)JsonNode.Parse("""
            {"appKey":"defaultApp","mediaProviders":["WebRTC","MSE"],"clientVersion":"2.0","clientBrowserVersion":"Browser/1","custom":{"user":"a"},"sipLogin":"10006","sipAuthenticationName":"10006",
            "sipPassword":"secret","authToken":"secret","sipDomain":"sip.example.org","sipOutboundProxy":"proxy.example.org","sipPort":"5060","sipRegisterRequired":true}
            """)!,
        [
            new ClientStreamInfo($"{id}-play", MadeUp.Stream(stream), false, "PLAYING", "WebRTC", MadeUp.Noon),
            .. publishes is null ? (ClientStreamInfo[])[] : [new ClientStreamInfo($"{id}-pub", MadeUp.Stream(publishes), true, "PUBLISHING", "WebRTC", MadeUp.Noon)],
        ]);

    public void Add(ClientSessionInfo session)
    {
        lock (_lock) _all.Add(session);
    }

    public void Clear()
    {
        lock (_lock) _all = [];
    }

    public bool Terminate(string sessionId)
    {
        lock (_lock) return _all.RemoveAll(s => s.SessionId == sessionId) > 0;
    }

    public bool StopStream(string mediaSessionId, string info)
    {
        lock (_lock)
        {
            var at = _all.FindIndex(s => s.Streams.Any(t => t.MediaSessionId == mediaSessionId));
            if (at < 0) return false;
            Stopped.Add((mediaSessionId, info));
            _all[at] = _all[at] with { Streams = [.. _all[at].Streams.Where(t => t.MediaSessionId != mediaSessionId)] };
            return true;
        }
    }

    public bool SendData(string sessionId, string operationId, JsonNode? payload)
    {
        lock (_lock)
        {
            if (_all.All(s => s.SessionId != sessionId)) return false;
            Sent.Add((sessionId, operationId, payload?.ToJsonString() ?? "null"));
            return true;
        }
    }

    public int SendStreamEvent(StreamName stream, JsonNode? payload)
    {
        lock (_lock)
        {
            Events.Add((stream.Value, payload?.ToJsonString() ?? "null"));
            return _all.Sum(s => s.Streams.Count(t => !t.Published && t.Name == stream));
        }
    }
}
