using System.Text.Json;
using System.Text.Json.Serialization;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.NewCall;

/// <summary>The fields of the form, named as in the REST interface.</summary>
internal sealed class NewCallModel
{
    /// <summary>A saved account, or null where the credentials are typed.</summary>
    public int? AccountId { get; set; }

    public string Callee { get; set; } = "";
    public string ToStream { get; set; } = "";
    public string CallId { get; set; } = "";
    public bool HasAudio { get; set; } = true;
    public bool HasVideo { get; set; } = true;
    public string SipLogin { get; set; } = "";
    public string SipAuthenticationName { get; set; } = "";

    /// <summary>Never part of a draft.</summary>
    [JsonIgnore]
    public string SipPassword { get; set; } = "";

    public string VisibleName { get; set; } = "";
    public string SipDomain { get; set; } = "";
    public string SipOutboundProxy { get; set; } = "";
    public int? SipPort { get; set; }
    public SipTransportChoice SipTransport { get; set; }
    public bool SipRegisterRequired { get; set; }
    public string AppKey { get; set; } = "";
    public string RtmpUrl { get; set; } = "";
    public string RtmpStream { get; set; } = "";

    public static string FreshId() => "c-" + Guid.CreateVersion7().ToString("N")[^10..];

    /// <summary>The form as text, without the password.</summary>
    public string ToDraft() => JsonSerializer.Serialize(this, DraftJson.Default.NewCallModel);

    /// <summary>A form from <see cref="ToDraft"/>; null where the text is none.</summary>
    public static NewCallModel? FromDraft(string? draft)
    {
        if (string.IsNullOrEmpty(draft)) return null;
        try
        {
            return JsonSerializer.Deserialize(draft, DraftJson.Default.NewCallModel);
        }
        catch (JsonException)
        {
            return null; // Of another version of this program: the form starts empty.
        }
    }

    /// <summary>Takes over everything but the account of <paramref name="other"/>.</summary>
    public void CopyFrom(NewCallModel other)
    {
        (AccountId, Callee, ToStream, CallId, HasAudio, HasVideo) = (null, other.Callee, other.ToStream, other.CallId, other.HasAudio, other.HasVideo);
        (SipLogin, SipAuthenticationName, SipPassword, VisibleName, SipDomain) = (other.SipLogin, other.SipAuthenticationName, other.SipPassword, other.VisibleName, other.SipDomain);
        (SipOutboundProxy, SipPort, SipTransport, SipRegisterRequired) = (other.SipOutboundProxy, other.SipPort, other.SipTransport, other.SipRegisterRequired);
        (AppKey, RtmpUrl, RtmpStream) = (other.AppKey, other.RtmpUrl, other.RtmpStream);
    }

    /// <summary>What is wrong, by REST field name.</summary>
    public IReadOnlyDictionary<string, string> Check()
    {
        var errors = new Dictionary<string, string>();
        if (string.IsNullOrWhiteSpace(Callee)) errors["callee"] = L("Whom to call: a number, a name, or a sip: address");
        if (ToStream.Length > 0 && !StreamName.TryParse(ToStream, out _)) errors["toStream"] = L("1 to 64 letters, digits and . _ -");
        if (CallId.Length > 0 && !Media.Primitives.CallId.TryParse(CallId, out _)) errors["callId"] = L("Up to 128 characters without spaces");
        else if (ToStream.Length == 0 && CallId.Length > 0 && !StreamName.TryParse(CallId, out _)) errors["toStream"] = L("Needed, since the call ID cannot be a stream name");
        if (!HasAudio && !HasVideo) errors["hasAudio"] = L("Sound, picture or both");
        if (SipPort is < 1 or > 65535) errors["sipPort"] = L("1 to 65535, or empty");
        if (AccountId is null)
        {
            if (string.IsNullOrWhiteSpace(SipLogin)) errors["sipLogin"] = L("Who calls: the part before the @");
            if (string.IsNullOrWhiteSpace(SipDomain)) errors["sipDomain"] = L("The SIP server's name or address");
        }

        return errors;
    }

    public SipIdentity TypedIdentity() => new(SipLogin.Trim(), SipDomain.Trim())
    {
        AuthenticationName = Blank(SipAuthenticationName), Password = SipPassword.Length == 0 ? null : SipPassword, OutboundProxy = Blank(SipOutboundProxy),
        Port = SipPort, Transport = SipTransport, RegisterRequired = SipRegisterRequired,
    };

    public CallRequest ToRequest(SipIdentity identity) => new(Callee.Trim(), identity with { VisibleName = Blank(VisibleName) })
    {
        CallId = Blank(CallId), ToStream = Blank(ToStream), HasAudio = HasAudio, HasVideo = HasVideo, AppKey = Blank(AppKey) ?? "defaultApp",
        RtmpUrl = Blank(RtmpUrl), RtmpStream = Blank(RtmpStream),
    };

    private static string? Blank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Source-generated JSON of drafts.</summary>
[JsonSerializable(typeof(NewCallModel))]
internal sealed partial class DraftJson : JsonSerializerContext;
