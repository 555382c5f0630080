using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Api;

/// <summary><c>/recordings/{id}</c>: the files of finished recordings, with ranges, and deleting.</summary>
internal static class RecordingFilesApi
{
    public static void MapRecordingFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/recordings/{id}").WithTags("Recordings");
        group.MapMethods("/file", [HttpMethods.Get, HttpMethods.Head], File).WithSummary("The file; with ?download=1 under its name").Produces(200, contentType: "video/mp4").Documented(404, 409, 503);
        group.MapMethods("/poster", [HttpMethods.Get, HttpMethods.Head], Poster).WithSummary("A still picture of it").Produces(200, contentType: "image/jpeg").Documented(404, 503);
        group.MapDelete("", Delete).WithSummary("Delete it with its file").Produces(200).Documented(404, 409, 503);
        routes.MapMethods("/client/records/{**name}", [HttpMethods.Get, HttpMethods.Head], Record).WithTags("Recordings")
            .WithSummary("The file by its name, where pages of Web Call Server look for it").Produces(200, contentType: "video/mp4").Documented(404, 503);
        group.RefuseOthers("/file", "GET", "HEAD");
        group.RefuseOthers("/poster", "GET", "HEAD");
        group.RefuseOthers("", "DELETE");
    }

    private static async Task<IResult> File(string id, HttpContext http, RecordingStore store, MediaEngine engine) =>
        Send(http, engine, await store.FindAsync(id, http.RequestAborted));

    private static async Task<IResult> Record(string name, HttpContext http, RecordingStore store, MediaEngine engine) =>
        Send(http, engine, await store.FindFileAsync(name, http.RequestAborted));

    private static IResult Send(HttpContext http, MediaEngine engine, Outcome<RecordingSnapshot> found)
    {
        if (!found.Succeeded) return Problems.From(http, found.Failures);
        if (found.Value is { State: not RecordingState.Ready } other)
            return Problems.Of(http, other.State == RecordingState.Failed ? 404 : 409, "recording-not-ready", "The recording has no file", other.Reason ?? "It is not finished yet");
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

    private static async Task<IResult> Delete(string id, HttpContext http, RecordingStore store) =>
        await store.EraseAsync(id, http.RequestAborted) is { } failure ? Problems.From(http, [failure]) : new EmptyOk();

    private static IResult FileGone(HttpContext http) => Problems.Of(http, 404, "file-not-found", "There is no such file", "Somebody has removed it, or there never was one");
}
