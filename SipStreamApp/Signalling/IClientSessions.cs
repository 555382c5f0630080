using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling;

/// <summary>The WebSocket sessions of Web SDK clients, as REST, hooks and pages see them. Any thread.</summary>
internal interface IClientSessions
{
    /// <summary>Sessions that are up, oldest first.</summary>
    IReadOnlyList<ClientSessionInfo> All { get; }

    /// <summary>Closes a session and releases its viewers. False where none of that id is up.</summary>
    bool Terminate(string sessionId);

    /// <summary>Ends one stream of a session with STOPPED (or UNPUBLISHED) and <paramref name="info"/>. False where there is none.</summary>
    bool StopStream(string mediaSessionId, string info);

    /// <summary>Sends <c>OnDataEvent</c>'s message to a session. False where none of that id is up.</summary>
    bool SendData(string sessionId, string operationId, JsonNode? payload);

    /// <summary>Sends <c>notifyStreamEvent</c> of type <c>data</c> to all who watch a stream; how many they are.</summary>
    int SendStreamEvent(StreamName stream, JsonNode? payload);

    /// <summary>True where a session placed or took this call: then the session tells of it, and nobody else.</summary>
    bool OwnsCall(CallId callId) => false;
}

/// <summary>One session.</summary>
/// <param name="SessionId">Names it; unguessable.</param>
/// <param name="AppKey">Application it belongs to.</param>
/// <param name="RemoteAddress">Where it comes from, <c>address:port</c>.</param>
/// <param name="SipLogin">SIP user, where it registered one.</param>
/// <param name="ConnectedAt">When it became ESTABLISHED.</param>
/// <param name="Connection">The <c>connection</c> object it sent, without its secrets.</param>
/// <param name="Streams">What it plays and publishes.</param>
internal sealed record ClientSessionInfo(
    string SessionId, string AppKey, string RemoteAddress, string? SipLogin, DateTimeOffset ConnectedAt, JsonObject Connection, IReadOnlyList<ClientStreamInfo> Streams);

/// <summary>One stream of a session.</summary>
/// <param name="MediaSessionId">Id the client chose.</param>
/// <param name="Name">The stream.</param>
/// <param name="Published">True: from the client to the server.</param>
/// <param name="Status">WCS status: PENDING, PLAYING, PUBLISHING …</param>
/// <param name="MediaProvider"><c>WebRTC</c> or <c>MSE</c>.</param>
/// <param name="CreatedAt">When it was asked for.</param>
internal sealed record ClientStreamInfo(string MediaSessionId, StreamName Name, bool Published, string Status, string MediaProvider, DateTimeOffset CreatedAt)
{
    /// <summary>Id of the engine's WebRTC viewer behind it, so that it is not listed twice; null where there is none.</summary>
    public string? ViewerId { get; init; }
}
