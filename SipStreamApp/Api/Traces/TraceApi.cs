using System.Text;
using SipStreamApp.Data;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/v2/calls/{callId}/trace.*</c>: everything that is kept of a call, while it lasts and afterwards.</summary>
internal static class TraceApi
{
    private const string Pcap = "application/vnd.tcpdump.pcap";
    private const string Plain = "text/plain";

    public static void MapTraces(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rest-api/v2/calls/{callId}").WithTags("Calls");
        group.MapGet("/trace.json", (string callId, HttpContext http, CallTraces traces) => Get(callId, http, traces, view => TypedResults.Json(TraceObject.From(view), ApiJson.Default.TraceObject)))
            .WithSummary("SIP messages (secrets masked), states, spans, log and one-second quality of a call").Produces<TraceObject>().Documented(404, 503);
        group.MapGet("/trace.txt", (string callId, HttpContext http, CallTraces traces) => Get(callId, http, traces, view => File(http, callId, "txt", Plain, Encoding.UTF8.GetBytes(TraceText.Plain(view)))))
            .WithSummary("The SIP messages and the log as plain text").Produces<string>(200, Plain).Documented(404, 503);
        group.MapGet("/trace.pcap", (string callId, HttpContext http, CallTraces traces) => Get(callId, http, traces, view => File(http, callId, "pcap", Pcap, TracePcap.Write(view))))
            .WithSummary("The SIP messages as a capture file; frames are made up, times, addresses and ports are true").Produces(200, contentType: Pcap).Documented(404, 503);
        group.MapGet("/trace.mmd", (string callId, HttpContext http, CallTraces traces) => Get(callId, http, traces, view => File(http, callId, "mmd", Plain, Encoding.UTF8.GetBytes(TraceText.Mermaid(view)))))
            .WithSummary("The SIP messages as a Mermaid sequence diagram").Produces<string>(200, Plain).Documented(404, 503);
        foreach (var path in (string[])["/trace.json", "/trace.txt", "/trace.pcap", "/trace.mmd"]) group.RefuseOthers(path, "GET");
    }

    /// <summary>A slash in an id stays escaped in a path.</summary>
    public static string IdOf(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<IResult> Get(string callId, HttpContext http, CallTraces traces, Func<CallTraceView, IResult> show)
    {
        http.Response.Headers.CacheControl = "no-store";
        var found = await traces.FindAsync(IdOf(callId), http.RequestAborted);
        return found.Succeeded ? show(found.Value) : Problems.From(http, found.Failures);
    }

    private static IResult File(HttpContext http, string callId, string ending, string type, byte[] bytes)
    {
        var name = string.Concat(IdOf(callId).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
        return Results.Bytes(bytes, ending == "pcap" ? type : type + "; charset=utf-8", ending == "pcap" || http.Request.Query.ContainsKey("download") ? $"{name}.{ending}" : null);
    }
}
