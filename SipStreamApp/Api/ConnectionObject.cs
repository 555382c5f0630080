using System.Text.Json.Nodes;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary>A client's session as the REST interface shows it: every field of the WCS connection object, then ours. Passwords and tokens are never in it.</summary>
internal sealed record ConnectionObject
{
    public JsonNode Custom { get; init; } = new JsonObject();
    public required string NodeId { get; init; }
    public required string AppKey { get; init; }
    public required string SessionId { get; init; }
    public required bool SipRegisterRequired { get; init; }
    public required string? SipLogin { get; init; }
    public required string? SipAuthenticationName { get; init; }

    /// <summary>Always null.</summary>
    public string? SipPassword { get; init; }

    public required string? SipVisibleName { get; init; }
    public required string? SipDomain { get; init; }
    public required string? SipOutboundProxy { get; init; }
    public required int SipPort { get; init; }
    public required string? SipContactParams { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public string? SupportedResolutions { get; init; }
    public bool UseProxy { get; init; }
    public bool UseDTLS { get; init; } = true;
    public bool UseWsTunnel { get; init; }
    public string Status { get; init; } = "ESTABLISHED";

    /// <summary>Where the client comes from.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>When the session was made, milliseconds since 1970.</summary>
    public required long CreateDate { get; init; }

    /// <summary>What the client offers to play with: WebRTC, MSE …</summary>
    public required IReadOnlyList<string> MediaProviders { get; init; }

    public required string? ClientVersion { get; init; }
    public required string? ClientBrowserVersion { get; init; }

    /// <summary>How many streams it plays and publishes.</summary>
    public required int Streams { get; init; }

    public static ConnectionObject From(ClientSessionInfo session, string nodeId)
    {
        var sent = session.Connection;
        return new()
        {
            Custom = sent["custom"]?.DeepClone() ?? new JsonObject(),
            NodeId = nodeId,
            AppKey = session.AppKey,
            SessionId = session.SessionId,
            SipRegisterRequired = Text(sent, "sipRegisterRequired") is { } wanted && bool.TryParse(wanted, out var registers) && registers,
            SipLogin = session.SipLogin ?? Text(sent, "sipLogin"),
            SipAuthenticationName = Text(sent, "sipAuthenticationName"),
            SipVisibleName = Text(sent, "sipVisibleName"),
            SipDomain = Text(sent, "sipDomain"),
            SipOutboundProxy = Text(sent, "sipOutboundProxy"),
            SipPort = Number(sent, "sipPort"),
            SipContactParams = Text(sent, "sipContactParams"),
            Width = Number(sent, "width"),
            Height = Number(sent, "height"),
            RemoteAddress = session.RemoteAddress,
            CreateDate = session.ConnectedAt.ToUnixTimeMilliseconds(),
            MediaProviders = sent["mediaProviders"] is JsonArray providers ? [.. providers.Select(p => p?.ToString() ?? "")] : [],
            ClientVersion = Text(sent, "clientVersion"),
            ClientBrowserVersion = Text(sent, "clientBrowserVersion"),
            Streams = session.Streams.Count,
        };
    }

    private static string? Text(JsonObject sent, string field) => sent[field] is JsonValue value ? value.ToString() : null;

    private static int Number(JsonObject sent, string field) => int.TryParse(Text(sent, field), out var number) ? number : 0;
}

/// <summary>Body of <c>/connection/find</c> and <c>/connection/terminate</c> as it arrives.</summary>
internal sealed record ConnectionFilterBody
{
    public LooseValue SessionId { get; init; }
    public LooseValue AppKey { get; init; }
    public LooseValue SipLogin { get; init; }
    public LooseValue Status { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record ConnectionFilterDoc(string? SessionId, string? AppKey, string? SipLogin, string? Status);

/// <summary>Body of <c>/connection/terminate</c>, for the OpenAPI document.</summary>
internal sealed record ConnectionIdDoc(string SessionId);

/// <summary>Body of <c>/data/send</c> as it arrives.</summary>
internal sealed record DataBody
{
    public LooseValue NodeId { get; init; }
    public LooseValue OperationId { get; init; }
    public LooseValue SessionId { get; init; }
    public IReadOnlyList<LooseValue>? SessionIds { get; init; }
    public JsonNode? Payload { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record DataDoc(string? OperationId, string? SessionId, string[]? SessionIds, object? Payload);
