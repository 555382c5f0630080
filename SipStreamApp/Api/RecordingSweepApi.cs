using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using SipStreamApp.Data;
using SipStreamApp.Security.Access;

namespace SipStreamApp.Api;

/// <summary>What deleting old recordings took, or would take.</summary>
/// <param name="Count">Recordings.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="DryRun">True: nothing was deleted.</param>
internal sealed record RecordingSweepObject(int Count, long Bytes, bool DryRun);

/// <summary>Source-generated JSON of this file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecordingSweepObject))]
internal sealed partial class RecordingSweepJson : JsonSerializerContext;

/// <summary><c>DELETE /rest-api/v2/recordings</c>: recordings older than so many days; counted first with <c>dryRun</c>.</summary>
internal static class RecordingSweepApi
{
    private const int MostDays = 36_500;

    public static void MapRecordingSweep(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/rest-api/v2/recordings", DeleteAsync).WithTags("Recordings").WithSummary("Delete the recordings that ended more than so many days ago")
            .WithDescription("Their files go half a minute later. With dryRun=true they are only counted.").Produces<RecordingSweepObject>().Documented(400, 401, 403, 503);
        routes.RefuseOthers("/rest-api/v2/recordings", "DELETE");
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, RecordingStore store, TimeProvider time, [Description("1 to 36500")] string? olderThanDays, string? dryRun)
    {
        // Never all of them because a field was misspelt.
        if (!int.TryParse(olderThanDays, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days is < 1 or > MostDays)
            return Problems.Field(http, "olderThanDays", "must be a whole number from 1 to 36500");
        var dry = false;
        if (dryRun is not null && !bool.TryParse(dryRun, out dry)) return Problems.Field(http, "dryRun", "must be true or false");
        var old = await store.OlderAsync(time.GetUtcNow().AddDays(-days), http.RequestAborted);
        if (old.Succeeded && !dry) old = await store.MarkAsync(old.Value.Ids, deleted: true, http.RequestAborted);
        if (!old.Succeeded) return Problems.From(http, old.Failures);
        AuditTarget.Name(http, string.Create(CultureInfo.InvariantCulture, $"{old.Value.Ids.Count} recordings{(dry ? ", counted only" : "")}"));
        return TypedResults.Json(new RecordingSweepObject(old.Value.Ids.Count, old.Value.Bytes, dry), RecordingSweepJson.Default.RecordingSweepObject);
    }
}
