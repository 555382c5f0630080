using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary>Turns the body of <c>/call/startup</c> into a request for the engine. Pure; names every wrong field at once.</summary>
internal static class CallStartup
{
    private const int MaxText = 256;

    public static (CallRequest? Request, FieldErrors Errors) Parse(CallStartupBody body)
    {
        var errors = new FieldErrors();
        var callId = Text(errors, "callId", body.CallId);
        if (callId is not null && !CallId.TryParse(callId, out _))
            errors.Add("callId", $"must be 1 to {CallId.MaxLength} printable ASCII characters without spaces");

        var toStream = Text(errors, "toStream", body.ToStream);
        if (toStream is not null && !StreamName.TryParse(toStream, out _))
            errors.Add("toStream", $"must be 1 to {StreamName.MaxLength} letters, digits, dots, underscores or hyphens");
        else if (toStream is null && callId is not null && CallId.TryParse(callId, out _) && !StreamName.TryParse(callId, out _))
            errors.Add("toStream", "is needed, because the callId cannot serve as a stream name (letters, digits and ._- only, at most 64)");

        var hasAudio = Flag(errors, "hasAudio", body.HasAudio, true);
        var hasVideo = Flag(errors, "hasVideo", body.HasVideo, true);
        if (!hasAudio && !hasVideo && !errors.Has("hasAudio") && !errors.Has("hasVideo"))
            errors.Add("hasAudio", "at least one of hasAudio and hasVideo must be true");

        var identity = new SipIdentity(Required(errors, "sipLogin", body.SipLogin), Required(errors, "sipDomain", body.SipDomain))
        {
            AuthenticationName = Text(errors, "sipAuthenticationName", body.SipAuthenticationName),
            Password = Text(errors, "sipPassword", body.SipPassword, trim: false),
            VisibleName = Text(errors, "visibleName", body.VisibleName),
            OutboundProxy = Text(errors, "sipOutboundProxy", body.SipOutboundProxy),
            Port = Port(errors, "sipPort", body.SipPort),
            Transport = Transport(errors, "sipTransport", body.SipTransport),
            RegisterRequired = Flag(errors, "sipRegisterRequired", body.SipRegisterRequired, false),
        };
        var request = new CallRequest(Required(errors, "callee", body.Callee), identity)
        {
            CallId = callId,
            ToStream = toStream,
            HasAudio = hasAudio,
            HasVideo = hasVideo,
            AppKey = Text(errors, "appKey", body.AppKey) ?? "defaultApp",
            RtmpUrl = Text(errors, "rtmpUrl", body.RtmpUrl, most: 2048),
            RtmpStream = Text(errors, "rtmpStream", body.RtmpStream),
        };
        return errors.Any ? (null, errors) : (request, errors);
    }

    private static string Required(FieldErrors errors, string field, LooseValue value)
    {
        var text = Text(errors, field, value);
        if (text is null && !errors.Has(field)) errors.Add(field, "is required");
        return text ?? "";
    }

    private static string? Text(FieldErrors errors, string field, LooseValue value, bool trim = true, int most = MaxText)
    {
        if (value.IsComposite) errors.Add(field, "must be a text, not an object or a list");
        else if (value.Text is { Length: > 0 } given)
        {
            var text = trim ? given.Trim() : given;
            if (text.Length > most) errors.Add(field, $"is longer than {most} characters");
            else if (text.Any(char.IsControl)) errors.Add(field, "must not hold control characters");
            else return text.Length == 0 ? null : text;
        }

        return null;
    }

    private static bool Flag(FieldErrors errors, string field, LooseValue value, bool fallback)
    {
        if (value.IsEmpty) return fallback;
        if (value.TryFlag(out var flag)) return flag;
        errors.Add(field, "must be true or false");
        return fallback;
    }

    private static int? Port(FieldErrors errors, string field, LooseValue value)
    {
        if (value.IsEmpty) return null;
        if (value.TryNumber(out var port) && port is >= 1 and <= 65535) return port;
        errors.Add(field, "must be a port number from 1 to 65535");
        return null;
    }

    private static SipTransportChoice Transport(FieldErrors errors, string field, LooseValue value)
    {
        if (value.IsEmpty) return SipTransportChoice.Auto;
        switch (value.Text?.Trim().ToLowerInvariant())
        {
            case "auto": return SipTransportChoice.Auto;
            case "udp": return SipTransportChoice.Udp;
            case "tcp": return SipTransportChoice.Tcp;
            case "tls": return SipTransportChoice.Tls;
            default:
                errors.Add(field, "must be auto, udp, tcp or tls");
                return SipTransportChoice.Auto;
        }
    }
}
