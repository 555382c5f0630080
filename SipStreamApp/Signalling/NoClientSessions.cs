using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling;

/// <summary>Stands in where nobody takes Web SDK clients: no sessions.</summary>
internal sealed class NoClientSessions : IClientSessions
{
    public IReadOnlyList<ClientSessionInfo> All => [];

    public bool Terminate(string sessionId) => false;

    public bool StopStream(string mediaSessionId, string info) => false;

    public bool SendData(string sessionId, string operationId, JsonNode? payload) => false;

    public int SendStreamEvent(StreamName stream, JsonNode? payload) => 0;
}
