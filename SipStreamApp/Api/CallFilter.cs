using SipStreamApp.Media.Calls;

namespace SipStreamApp.Api;

/// <summary>Which calls <c>/call/find</c> asks for. Pure.</summary>
internal sealed record CallFilter(string? CallId, string? Callee, string? RtmpUrl, string? Status)
{
    public static CallFilter From(CallFilterBody body) =>
        new(Text(body.CallId), Text(body.Callee), Text(body.RtmpUrl), Text(body.Status)?.ToUpperInvariant());

    /// <summary>Ended calls stay known for some seconds but show only where their status is asked for: WCS clients poll until they get 404.</summary>
    public bool Matches(CallSnapshot call) =>
        (Status is null ? !call.IsEnded : CallObject.StatusName(call.Status) == Status)
        && (CallId is null || call.Id.Value == CallId)
        && (Callee is null || call.Callee == Callee)
        && (RtmpUrl is null || call.RtmpUrl == RtmpUrl);

    private static string? Text(LooseValue value) => value.IsEmpty ? null : value.Text?.Trim();
}
