using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security;

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

/// <summary>JSON of <c>/health/*</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can take work, 200 or 503, for load balancers and probes; open to all,
/// so it tells nothing but that.
/// </summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", (HttpContext http) => Answer(http, new HealthReport("live", []), 200)).ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    /// <summary>Looks at everything.</summary>
    public static async Task<HealthReport> ReportAsync(MediaEngine engine, SecurityData data, AppSettings settings, CancellationToken cancel)
    {
        var database = await data.WriteAsync<string>(
            async db =>
            {
                // A write that changes nothing takes the write lock all the same: a read-only or full disk says no.
                await db.Database.ExecuteSqlRawAsync("UPDATE Users SET Failures = Failures WHERE Id = -1", cancel);
                return "";
            },
            cancel);
        HealthCheck[] checks =
        [
            engine.Snapshot().Running ? new("engine", true, null) : new("engine", false, "The media engine is not running."),
            database.Succeeded ? new("database", true, null) : new("database", false, database.Failures[0].Title),
            Disk(settings),
        ];
        return new HealthReport(!checks.All(c => c.Ok) ? "not-ready" : engine.Draining ? "draining" : "ready", checks);
    }

    private static async Task<IResult> ReadyAsync(HttpContext http, MediaEngine engine, SecurityData data, AppSettings settings)
    {
        var report = await ReportAsync(engine, data, settings, http.RequestAborted);
        return Answer(http, report, report.Status == "ready" ? 200 : 503);
    }

    private static HealthCheck Disk(AppSettings settings)
    {
        try
        {
            var free = new DriveInfo(settings.DataDirectory).AvailableFreeSpace >> 20;
            var least = Math.Max(50, settings.Engine.Recording.MinFreeMegabytes);
            return free >= least ? new("disk", true, null) : new("disk", false, $"Less than {least} MB are free on the disk of the data folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("disk", false, "The disk of the data folder cannot be read.");
        }
    }

    private static JsonHttpResult<HealthReport> Answer(HttpContext http, HealthReport report, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(report, HealthJson.Default.HealthReport, statusCode: status);
    }
}
