using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Calls;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.NewCall;

/// <summary>The REST twin of the form: JSON, a shell command, C# and JavaScript. Passwords are named ($SIP_PASSWORD), never shown.</summary>
internal static class CallTwin
{
    /// <summary>What stands for the password in JSON.</summary>
    public const string Secret = RequestTwin.Password;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fields that are set, by their REST names, in the order of the form; values are text, true/false or numbers.</summary>
    public static IReadOnlyList<(string Name, object Value)> Fields(NewCallModel call, string secret = Secret)
    {
        var fields = new List<(string, object)>();
        Text("callId", call.CallId);
        Text("callee", call.Callee);
        Text("toStream", call.ToStream);
        fields.Add(("hasAudio", call.HasAudio));
        fields.Add(("hasVideo", call.HasVideo));
        Text("sipLogin", call.SipLogin);
        Text("sipAuthenticationName", call.SipAuthenticationName);
        if (call.SipPassword.Length > 0) fields.Add(("sipPassword", secret));
        Text("visibleName", call.VisibleName);
        Text("sipDomain", call.SipDomain);
        Text("sipOutboundProxy", call.SipOutboundProxy);
        if (call.SipPort is { } port) fields.Add(("sipPort", port));
        if (call.SipTransport is not SipTransportChoice.Auto) fields.Add(("sipTransport", call.SipTransport.ToString().ToLowerInvariant()));
        if (call.SipRegisterRequired) fields.Add(("sipRegisterRequired", true));
        Text("appKey", call.AppKey);
        Text("rtmpUrl", call.RtmpUrl);
        Text("rtmpStream", call.RtmpStream);
        return fields;

        void Text(string name, string value)
        {
            if (!string.IsNullOrWhiteSpace(value)) fields.Add((name, value.Trim()));
        }
    }

    public static string Json(NewCallModel call, string secret = Secret) => Body(call, secret).ToJsonString(Readable);

    public static string Curl(string baseUri, NewCallModel call) => Request(baseUri, call).Curl();

    public static string CSharp(string baseUri, NewCallModel call) => Request(baseUri, call).CSharp();

    public static string JavaScript(string baseUri, NewCallModel call) => Request(baseUri, call).JavaScript();

    /// <summary>The same request in the API explorer; a password and an address that may hold a key do not travel in addresses.</summary>
    public static string ExplorerLink(NewCallModel call) => "/api?op=post-rest-api-call-startup" + string.Concat(Fields(call).Where(f => f.Name is not ("sipPassword" or "rtmpUrl"))
        .Select(f => $"&{f.Name}={Uri.EscapeDataString(f.Value is bool flag ? (flag ? "true" : "false") : Convert.ToString(f.Value, CultureInfo.InvariantCulture)!)}"));

    /// <summary>The error's place in words; null where <paramref name="json"/> was taken over into <paramref name="call"/>.</summary>
    public static string? Read(string json, NewCallModel call)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return L("The body must be an object: { … }");
            var read = new NewCallModel { AccountId = null, SipPassword = "" };
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (Take(read, call, field) is { } problem) return problem;
            }

            call.CopyFrom(read);
            return null;
        }
        catch (JsonException e)
        {
            return L("Line {0}: this is not JSON yet", (e.LineNumber ?? 0) + 1);
        }
    }

    private static string? Take(NewCallModel read, NewCallModel before, JsonProperty field)
    {
        var text = field.Value.ValueKind switch
        {
            JsonValueKind.String => field.Value.GetString() ?? "", JsonValueKind.True => "true", JsonValueKind.False => "false",
            JsonValueKind.Number => field.Value.GetRawText(), JsonValueKind.Null => "", _ => null,
        };
        if (text is null) return L("{0}: a text, a number or true/false is needed", field.Name);
        switch (field.Name)
        {
            case "callId": read.CallId = text; break;
            case "callee": read.Callee = text; break;
            case "toStream": read.ToStream = text; break;
            case "sipLogin": read.SipLogin = text; break;
            case "sipAuthenticationName": read.SipAuthenticationName = text; break;
            case "sipPassword": read.SipPassword = text == Secret ? before.SipPassword : text; break;
            case "visibleName": read.VisibleName = text; break;
            case "sipDomain": read.SipDomain = text; break;
            case "sipOutboundProxy": read.SipOutboundProxy = text; break;
            case "appKey": read.AppKey = text; break;
            case "rtmpUrl": read.RtmpUrl = text; break;
            case "rtmpStream": read.RtmpStream = text; break;
            case "hasAudio" when Flag(text) is { } flag: read.HasAudio = flag; break;
            case "hasVideo" when Flag(text) is { } flag: read.HasVideo = flag; break;
            case "sipRegisterRequired" when Flag(text) is { } flag: read.SipRegisterRequired = flag; break;
            case "sipPort" when int.TryParse(text, CultureInfo.InvariantCulture, out var port): read.SipPort = port; break;
            case "sipPort" when text.Length == 0: break;
            case "sipTransport" when Enum.TryParse<SipTransportChoice>(text, ignoreCase: true, out var transport): read.SipTransport = transport; break;
            case "hasAudio" or "hasVideo" or "sipRegisterRequired": return L("{0}: true or false is needed", field.Name);
            case "sipPort": return L("sipPort: a number is needed");
            case "sipTransport": return L("sipTransport: auto, udp, tcp or tls");
            default: return L("{0} is no field of this method", field.Name);
        }

        return null;
    }

    private static bool? Flag(string text) => text switch { "true" => true, "false" => false, _ => null };

    private static JsonObject Body(NewCallModel call, string secret = Secret)
    {
        var body = new JsonObject();
        foreach (var (name, value) in Fields(call, secret)) body[name] = value is bool flag ? flag : value is int number ? number : (string)value;
        return body;
    }

    private static RequestTwin Request(string baseUri, NewCallModel call) => new("POST", baseUri.TrimEnd('/') + "/rest-api/call/startup", Body(call));
}
