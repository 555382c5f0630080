using System.Text.Json;
using System.Text.Json.Serialization;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Data;

/// <summary>What was asked for when a call was placed, so that it can be asked for again. Never the password.</summary>
internal sealed record StoredRequest
{
    public required string Callee { get; init; }
    public required string Login { get; init; }
    public required string Domain { get; init; }
    public string? AuthenticationName { get; init; }
    public string? VisibleName { get; init; }
    public string? OutboundProxy { get; init; }
    public int? Port { get; init; }
    public SipTransportChoice Transport { get; init; }
    public bool RegisterRequired { get; init; }

    /// <summary>A password was given; it is not kept.</summary>
    public bool HasPassword { get; init; }
    public string? ToStream { get; init; }
    public bool HasAudio { get; init; } = true;
    public bool HasVideo { get; init; } = true;
    public string AppKey { get; init; } = "defaultApp";

    /// <summary>Of a call that came in: the request that would call back.</summary>
    public static StoredRequest From(TracedCall traced)
    {
        var (request, who) = (traced.Request, traced.Request.Identity);
        return new StoredRequest
        {
            Callee = traced.Call.Incoming ? traced.Call.Caller : request.Callee, Login = who.Login, Domain = who.Domain, AuthenticationName = who.AuthenticationName, VisibleName = who.VisibleName,
            OutboundProxy = who.OutboundProxy, Port = who.Port, Transport = who.Transport, RegisterRequired = who.RegisterRequired, HasPassword = traced.HasPassword,
            ToStream = request.ToStream, HasAudio = request.HasAudio, HasVideo = request.HasVideo, AppKey = request.AppKey,
        };
    }

    /// <summary>Reads it back; null where there is none or it cannot be read.</summary>
    public static StoredRequest? Parse(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize(json, StoredRequestJson.Default.StoredRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredRequest))]
internal sealed partial class StoredRequestJson : JsonSerializerContext;
