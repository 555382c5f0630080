using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Outcomes;

/// <summary>Names every wrong field of a call request at once; field names are those of the REST contract.</summary>
internal static class CallRequestCheck
{
    private const int MaxTextLength = 256;

    public static List<Failure> Check(CallRequest request)
    {
        var wrong = new List<Failure>();
        var who = request.Identity;
        Text("callee", request.Callee, required: true);
        Text("sipLogin", who.Login, required: true);
        Text("sipDomain", who.Domain, required: true);
        Text("sipAuthenticationName", who.AuthenticationName);
        Text("sipOutboundProxy", who.OutboundProxy);
        Text("visibleName", who.VisibleName, spaces: true);
        Text("sipPassword", who.Password, spaces: true);
        if (who.Port is < 1 or > 65535) Wrong("sipPort", "must be a port number, 1 to 65535");
        if (request.CallId is { } id && !CallId.TryParse(id, out _)) Wrong("callId", $"must be 1 to {CallId.MaxLength} printable ASCII characters without spaces");
        if (request.ToStream is { } name && !StreamName.TryParse(name, out _)) Wrong("toStream", StreamNameRule);
        else if (request.ToStream is null && request.CallId is { } asName && !StreamName.TryParse(asName, out _)) Wrong("toStream", "is missing, and the callId cannot serve as a stream name: it " + StreamNameRule);
        if (!request.HasAudio && !request.HasVideo) Wrong("hasAudio", "and hasVideo are both false: at least one must be true");
        return wrong;

        void Text(string field, string? value, bool required = false, bool spaces = false)
        {
            if (string.IsNullOrEmpty(value))
            {
                if (required) Wrong(field, "is missing");
                return;
            }

            if (value.Length > MaxTextLength) Wrong(field, $"is longer than {MaxTextLength} characters");

            // A line break here would let a form write headers of its own into the SIP message.
            else if (value.Any(c => char.IsControl(c) || (!spaces && char.IsWhiteSpace(c)))) Wrong(field, "must not contain spaces or control characters");
        }

        void Wrong(string field, string rule) =>
            wrong.Add(new Failure("invalid-field", Blame.Caller, $"{field} {rule}") { Field = field });
    }

    private const string StreamNameRule = "must be 1 to 64 letters, digits, dots, underscores or hyphens";
}
