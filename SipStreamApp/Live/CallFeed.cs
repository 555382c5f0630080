using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Live;

/// <summary>
/// <c>GET /live/calls/{callId}</c>: what is new of a call's trace, once a second, by server-sent events; only what is new, and nothing while
/// nothing is. Ends with an event "end" when nothing more will come. The time line of a call's page is painted from it, past the page's circuit.
/// </summary>
internal static class CallFeed
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public static void MapCallFeed(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/live/calls").WithTags("Calls");
        group.MapGet("/{callId}", Get).WithSummary("What is new of a call's trace, once a second, by server-sent events")
            .WithDescription("since (or Last-Event-ID) is the cursor of trace.json; without it everything comes first.")
            .Produces<TraceDeltaObject>(200, "text/event-stream").Documented(400, 404);
        group.RefuseOthers("/{callId}", "GET");
    }

    private static IResult Get(string callId, string? since, HttpContext http, MediaEngine engine, TimeProvider time, IHostApplicationLifetime life)
    {
        // A browser that comes back after a lost connection says how far it got.
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        var text = last.Length > 0 ? last : since;
        var cursor = default(TraceCursor);
        if (!string.IsNullOrEmpty(text) && !TraceCursorText.TryParse(text, out cursor))
            return Problems.Of(http, 400, "invalid-field", "Some fields are wrong", "since is not a cursor", new() { ["since"] = ["Three numbers with dots, as trace.json gives them"] });
        if (!CallId.TryParse(TraceApi.IdOf(callId), out var id) || engine.FindTrace(id) is not { IsSettled: false } reader)
            return Problems.Of(http, 404, "call-not-found", "No such call is up", "trace.json has those that ended");
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        http.Response.RegisterForDispose(gone);
        return TypedResults.ServerSentEvents(ReadAsync(reader, cursor, time, gone.Token));
    }

    private static async IAsyncEnumerable<SseItem<TraceDeltaObject>> ReadAsync(
        CallTraceReader reader, TraceCursor cursor, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (status, health) = ("", "");
        while (!cancel.IsCancellationRequested)
        {
            // Asked before it is read: what is settled has all of it.
            var traced = reader.Now;
            var part = reader.Read(cursor);
            var delta = Delta(traced, part, time.GetUtcNow());
            var isNews = !part.IsEmpty || delta.Status != status || delta.Health?.Text != health;
            (status, health, cursor) = (delta.Status, delta.Health?.Text ?? "", part.Next);
            if (isNews || traced.IsSettled) yield return new SseItem<TraceDeltaObject>(delta, traced.IsSettled ? "end" : "delta") { EventId = TraceCursorText.Of(cursor) };
            if (traced.IsSettled) yield break;
            await Task.Delay(Every, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TraceDeltaObject Delta(TracedCall traced, TracePart part, DateTimeOffset now) => new()
    {
        Status = CallObject.StatusName(traced.Call.Status), Health = TraceHealthObject.From(traced.Call.Health),
        Now = Math.Round(((traced.Call.EndedAt ?? now) - traced.Call.CreatedAt).TotalSeconds, 1), Messages = [.. part.Messages.Select(TraceMessageObject.From)],
        Marks = [.. part.Marks.Select(TraceMarkObject.From)], Quality = TraceQualityObject.From(part),
    };
}
