using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using SipStreamApp.Api;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Telemetry.Checks;

namespace SipStreamApp.Telemetry;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">"engine", "database", "disk".</param>
/// <param name="Ok">True where all is well.</param>
/// <param name="Problem">What is wrong, in plain words; null where nothing is.</param>
internal sealed record HealthCheck(string Name, bool Ok, string? Problem);

/// <summary>Whether the server can take work.</summary>
/// <param name="Status">"ready" or "not-ready"; "draining" while new calls are refused.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record HealthReport(string Status, HealthCheck[] Checks);

/// <summary>One check as REST shows it.</summary>
/// <param name="Id">Stable word.</param>
/// <param name="Title">What was looked at.</param>
/// <param name="Verdict">good, note, warning or failed.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Cause">What is wrong; null where nothing is.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record CheckObject(string Id, string Title, string Verdict, string Figure, string? Cause, string? Advice, double Milliseconds)
{
    public static CheckObject From(CheckOutcome o) =>
        new(o.Id, o.Title, HealthText.Word(o.Result.Verdict), o.Result.Figure, o.Result.Cause, o.Result.Advice, Math.Round(o.Took.TotalMilliseconds, 1));
}

/// <summary>All checks as REST shows them.</summary>
/// <param name="Verdict">The worst of them.</param>
/// <param name="StartedAt">When they ran (UTC).</param>
/// <param name="Checks">Each.</param>
internal sealed record ChecksObject(string Verdict, DateTimeOffset StartedAt, CheckObject[] Checks);

/// <summary>JSON of health.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(ChecksObject))]
internal sealed partial class HealthJson : JsonSerializerContext;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can take work, 200 or 503, for load balancers and probes; open to all,
/// so it tells nothing but that. <c>POST /rest-api/v2/health</c>: runs every check, as the page Health does.
/// </summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", (HttpContext http) => Answer(http, new HealthReport("live", []), 200)).ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
        routes.MapPost("/rest-api/v2/health", CheckAsync).WithTags("Health").WithSummary("Check the server")
            .WithDescription("Runs every check for real, as the page Health does: it takes some seconds and sends a REGISTER for each account that has to register. 200 also where something has failed.")
            .Produces<ChecksObject>();
        routes.RefuseOthers("/rest-api/v2/health", "POST");
    }

    private static async Task<IResult> ReadyAsync(HttpContext http, MediaEngine engine, HealthRunner runner)
    {
        var outcomes = await runner.ReadyAsync(http.RequestAborted);
        var checks = outcomes.Select(o => o.Result.Verdict == CheckVerdict.Failed ? new HealthCheck(o.Id, false, o.Result.Cause) : new HealthCheck(o.Id, true, null)).ToArray();
        var status = !checks.All(c => c.Ok) ? "not-ready" : engine.Draining ? "draining" : "ready";
        return Answer(http, new HealthReport(status, checks), status == "ready" ? 200 : 503);
    }

    private static async Task<IResult> CheckAsync(HttpContext http, HealthRunner runner)
    {
        var run = runner.Start();
        await run.Completion.WaitAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new ChecksObject(HealthText.Word(run.Worst), run.StartedAt, [.. run.Outcomes.Select(CheckObject.From)]), HealthJson.Default.ChecksObject);
    }

    private static JsonHttpResult<HealthReport> Answer(HttpContext http, HealthReport report, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(report, HealthJson.Default.HealthReport, statusCode: status);
    }
}
