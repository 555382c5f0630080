using System.Text.Json.Serialization;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Api;

/// <summary>Source-generated JSON of this file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Waveform))]
internal sealed partial class RecordingJson : JsonSerializerContext;

/// <summary><c>/recordings/{id}</c>: the files of finished recordings, with ranges, and deleting.</summary>
internal static class RecordingFilesApi
{
    public static void MapRecordingFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/recordings/{id}").WithTags("Recordings");
        group.MapMethods("/file", [HttpMethods.Get, HttpMethods.Head], File).WithSummary("The file; with ?download=1 under its name").Produces(200, contentType: "video/mp4").Documented(404, 409, 503);
        group.MapMethods("/poster", [HttpMethods.Get, HttpMethods.Head], Poster).WithSummary("A still picture of it").Produces(200, contentType: "image/jpeg").Documented(404, 503);
        group.MapGet("/peaks", Peaks).WithSummary("How loud it is over its whole length, to be drawn: up to 2000 equal steps, 0 to 255")
            .WithDescription("Made by ffmpeg at the first question, and kept beside the recording.").Produces<Waveform>().Documented(404, 409, 503);
        group.MapDelete("", Delete).WithSummary("Delete it with its file").Produces(200).Documented(404, 409, 503);
        routes.MapMethods("/client/records/{**name}", [HttpMethods.Get, HttpMethods.Head], Record).WithTags("Recordings")
            .WithSummary("The file by its name, where pages of Web Call Server look for it").Produces(200, contentType: "video/mp4").Documented(404, 503);
        group.RefuseOthers("/file", "GET", "HEAD");
        group.RefuseOthers("/poster", "GET", "HEAD");
        group.RefuseOthers("/peaks", "GET");
        group.RefuseOthers("", "DELETE");
    }

    private static async Task<IResult> File(string id, HttpContext http, RecordingStore store, MediaEngine engine) =>
        Send(http, engine, await store.FindAsync(id, http.RequestAborted));

    private static async Task<IResult> Record(string name, HttpContext http, RecordingStore store, MediaEngine engine) =>
        Send(http, engine, await store.FindFileAsync(name, http.RequestAborted));

    private static IResult Send(HttpContext http, MediaEngine engine, Outcome<RecordingSnapshot> found)
    {
        if (!found.Succeeded) return Problems.From(http, found.Failures);
        if (NotReady(http, found.Value) is { } notReady) return notReady;
        if (engine.RecordingPath(found.Value.FileName) is not { } path || !System.IO.File.Exists(path)) return FileGone(http);
        var type = Path.GetExtension(path) == ".m4a" ? "audio/mp4" : "video/mp4";
        return Results.File(path, type, http.Request.Query.ContainsKey("download") ? Path.GetFileName(path) : null, enableRangeProcessing: true);
    }

    private static async Task<IResult> Poster(string id, HttpContext http, RecordingStore store, MediaEngine engine)
    {
        var found = await store.FindAsync(id, http.RequestAborted);
        if (!found.Succeeded) return Problems.From(http, found.Failures);
        return found.Value.PosterName is { } name && engine.RecordingPath(name) is { } path && System.IO.File.Exists(path)
            ? Results.File(path, "image/jpeg", enableRangeProcessing: true)
            : FileGone(http);
    }

    private static async Task<IResult> Peaks(string id, HttpContext http, RecordingStore store, MediaEngine engine)
    {
        var found = await store.FindAsync(id, http.RequestAborted);
        if (!found.Succeeded) return Problems.From(http, found.Failures);
        if (NotReady(http, found.Value) is { } notReady) return notReady;
        var waveform = await engine.WaveformAsync(found.Value, http.RequestAborted);
        if (!waveform.Succeeded) return waveform.Failures[0].Code == "no-sound" ? Problems.Of(http, 404, "no-sound", waveform.Failures[0].Title) : Problems.From(http, waveform.Failures);
        http.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.Json(waveform.Value, RecordingJson.Default.Waveform);
    }

    private static IResult? NotReady(HttpContext http, RecordingSnapshot recording) => recording.State == RecordingState.Ready ? null
        : Problems.Of(http, recording.State == RecordingState.Failed ? 404 : 409, "recording-not-ready", "The recording has no file", recording.Reason ?? "It is not finished yet");

    private static async Task<IResult> Delete(string id, HttpContext http, RecordingStore store) =>
        await store.EraseAsync(id, http.RequestAborted) is { } failure ? Problems.From(http, [failure]) : new EmptyOk();

    private static IResult FileGone(HttpContext http) => Problems.Of(http, 404, "file-not-found", "There is no such file", "Somebody has removed it, or there never was one");
}
