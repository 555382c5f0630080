using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Live;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>What is there at the moment, for fields that name it.</summary>
/// <param name="Live">Calls and streams.</param>
/// <param name="Recordings">Ids of recordings, newest first.</param>
/// <param name="Pushes">Ids of pushes that run.</param>
/// <param name="Sessions">Ids of Web SDK sessions.</param>
/// <param name="Links">Ids of signed links.</param>
/// <param name="Sounds">Files of the media folder.</param>
internal sealed record ApiObjects(
    LiveSnapshot Live, IReadOnlyList<string> Recordings, IReadOnlyList<string> Pushes, IReadOnlyList<string> Sessions, IReadOnlyList<string> Links, IReadOnlyList<string> Sounds)
{
    private IReadOnlyList<string> Calls => [.. Live.Calls.Where(c => !c.IsEnded).Reverse().Select(c => c.Id.Value)];

    private IReadOnlyList<string> Streams => [.. Live.Streams.OrderByDescending(s => s.CreatedAt).Select(s => s.Name.Value)];

    /// <summary>What a field may be filled with, the likeliest first. Pure.</summary>
    public IReadOnlyList<string> For(ApiOperation operation, ApiField field) => (operation.Tag, field.Name) switch
    {
        ("Call", "callId") when operation.Path.EndsWith("/startup", StringComparison.Ordinal) && !operation.Path.Contains("inject", StringComparison.Ordinal) => [],
        (_, "callId") => Calls,
        ("Push", "mediaSessionId") => Pushes,
        (_, "mediaSessionId" or "mediaSessionIds") => Calls,
        (_, "streamName" or "stream" or "name" or "s") => Streams,
        ("Recordings", "id") => Recordings,
        ("Links", "id") => Links,
        (_, "sessionId" or "sessionIds") => Sessions,
        (_, "fileName" or "soundFile" or "options.soundFile") => Sounds,
        ("Call", "type") => ["RFC2833", "INFO", "INFO_RELAY"],
        (_, "dtmf") => ["1", "15#"],
        ("Call", "status") => ["ESTABLISHED", "RING", "FINISH", "FAILED"],
        ("Stream", "status") => ["PUBLISHING", "PLAYING", "PENDING"],
        ("Stream", "display") => ["metrics"],
        (_, "sipTransport") => ["auto", "udp", "tcp", "tls"],
        (_, "callee") => ["demo"],
        ("Push", "rtmpUrl") => ["rtmp://127.0.0.1/live"],
        (_, "options.action") => ["mute", "sound_on"],
        (_, "config.rotation") => ["20M"],
        (_, "file") => ["init.mp4"],
        ("History", "result") => ["answered", "failed", "interrupted"],
        (_, "expiresInSeconds") => ["3600", "86400"],
        (_, "payload") => ["{\"hello\":\"world\"}"],
        _ => [],
    };

    /// <summary>A form that can be sent at once, as far as there is something to fill it with: for a call the test number.</summary>
    public ApiForm Fill(ApiOperation operation)
    {
        var form = new ApiForm(operation);
        var isCall = operation.Path == "/rest-api/call/startup";
        var demo = isCall ? CallTwin.Fields(DemoCall.Twin(Live.Engine.SipPort)).ToDictionary(f => f.Name, f => f.Value) : [];

        // Where any of several fields will do, the first that something is there for; a search without them finds all.
        var isFree = operation.Fields.All(f => f is { Place: ApiPlace.Body, IsRequired: false }) && !operation.Path.EndsWith("/find", StringComparison.Ordinal);
        var choice = isFree ? operation.Fields.FirstOrDefault(f => For(operation, f).Count > 0) : null;
        foreach (var field in operation.Fields)
        {
            if (isCall && demo.TryGetValue(field.Name, out var value)) form.Set(field, field.Name is "callId" or "toStream" ? "" : value is bool flag ? (flag ? "true" : "false") : value.ToString() ?? "");
            else if ((field.IsRequired || field == choice) && For(operation, field) is [var first, ..]) form.Set(field, first);
        }

        return form;
    }
}
