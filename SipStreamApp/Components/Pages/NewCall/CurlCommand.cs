using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SipStreamApp.Media.Calls;

namespace SipStreamApp.Components.Pages.NewCall;

/// <summary>The REST twin of the form, for a shell. The password never shows: it is taken from $SIP_PASSWORD.</summary>
internal static class CurlCommand
{
    private const string Placeholder = "\u0001password\u0001";
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Startup(string baseUri, NewCallModel call) =>
        $"curl -X POST {baseUri.TrimEnd('/')}/rest-api/call/startup \\\n  -H 'Content-Type: application/json' \\\n  -d {Quote(Json(call))}";

    private static string Json(NewCallModel call)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            Text("callId", call.CallId);
            Text("callee", call.Callee);
            Text("toStream", call.ToStream);
            json.WriteBoolean("hasAudio", call.HasAudio);
            json.WriteBoolean("hasVideo", call.HasVideo);
            Text("sipLogin", call.SipLogin);
            Text("sipAuthenticationName", call.SipAuthenticationName);
            if (call.SipPassword.Length > 0) json.WriteString("sipPassword", Placeholder);
            Text("visibleName", call.VisibleName);
            Text("sipDomain", call.SipDomain);
            Text("sipOutboundProxy", call.SipOutboundProxy);
            if (call.SipPort is { } port) json.WriteNumber("sipPort", port);
            if (call.SipTransport is not SipTransportChoice.Auto) json.WriteString("sipTransport", call.SipTransport is SipTransportChoice.Tcp ? "tcp" : "udp");
            if (call.SipRegisterRequired) json.WriteBoolean("sipRegisterRequired", true);
            Text("appKey", call.AppKey);
            Text("rtmpUrl", call.RtmpUrl);
            Text("rtmpStream", call.RtmpStream);
            json.WriteEndObject();

            void Text(string name, string value)
            {
                if (!string.IsNullOrWhiteSpace(value)) json.WriteString(name, value.Trim());
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n");
    }

    // Single quotes end the shell's string, so each becomes '\''; the variable needs double quotes between two single-quoted parts.
    // The writer turns the placeholder's control characters into \u0001.
    private static string Quote(string json) =>
        "'" + json.Replace("'", "'\\''", StringComparison.Ordinal).Replace("\\u0001password\\u0001", "'\"$SIP_PASSWORD\"'", StringComparison.Ordinal) + "'";
}
