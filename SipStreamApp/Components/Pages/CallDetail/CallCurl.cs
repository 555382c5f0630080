using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;

namespace SipStreamApp.Components.Pages.CallDetail;

/// <summary>The command that places the same call again, or calls back. The password is taken from $SIP_PASSWORD. Pure.</summary>
internal static class CallCurl
{
    private const string Placeholder = "SIP-PASSWORD-GOES-HERE";
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string baseUri, CallFacts call)
    {
        // Single quotes end the shell's string, so each becomes '\''; the variable needs double quotes between two single-quoted parts.
        var json = Json(call).Replace("'", "'\\''", StringComparison.Ordinal).Replace($"\"{Placeholder}\"", "\"'\"$SIP_PASSWORD\"'\"", StringComparison.Ordinal);
        return $"curl -X POST {baseUri.TrimEnd('/')}/rest-api/call/startup \\\n  -H 'Content-Type: application/json' \\\n  -d '{json}'";
    }

    private static string Json(CallFacts call)
    {
        var asked = call.Request ?? new StoredRequest { Callee = call.Other, Login = call.Login, Domain = call.Domain, ToStream = call.StreamName };
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("callee", asked.Callee);
            if (asked.ToStream is { } name) json.WriteString("toStream", name);
            json.WriteBoolean("hasAudio", asked.HasAudio);
            json.WriteBoolean("hasVideo", asked.HasVideo);
            json.WriteString("sipLogin", asked.Login);
            if (asked.AuthenticationName is { Length: > 0 } other) json.WriteString("sipAuthenticationName", other);
            if (asked.HasPassword) json.WriteString("sipPassword", Placeholder);
            if (asked.VisibleName is { Length: > 0 } shown) json.WriteString("visibleName", shown);
            json.WriteString("sipDomain", asked.Domain);
            if (asked.OutboundProxy is { Length: > 0 } proxy) json.WriteString("sipOutboundProxy", proxy);
            if (asked.Port is { } port) json.WriteNumber("sipPort", port);
            if (asked.Transport is not SipTransportChoice.Auto) json.WriteString("sipTransport", asked.Transport.ToString().ToLowerInvariant());
            if (asked.RegisterRequired) json.WriteBoolean("sipRegisterRequired", true);
            if (asked.AppKey is { Length: > 0 } and not "defaultApp") json.WriteString("appKey", asked.AppKey);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n");
    }
}
