using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;

namespace SipStreamApp.Api;

/// <summary>Body of <c>/rest-api/v2/push-targets</c> as it arrives.</summary>
internal sealed record PushTargetBody
{
    public LooseValue Name { get; init; }
    public LooseValue Address { get; init; }
    public LooseValue Key { get; init; }
    public LooseValue StreamName { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record PushTargetDoc(
    [property: Description("The server's name where missing")] string? Name,
    [property: Description("Server and application: rtmp://host/app. A whole address may be given; its last part becomes the key")] string Address,
    [property: Description("Stream key; kept encrypted, never shown again. Missing in a change: stays; empty: none. SRT: what follows the ?")] string? Key);

/// <summary>Body of <c>/rest-api/v2/push-targets/{id}/push</c>, for the OpenAPI document.</summary>
internal sealed record PushToTargetDoc(string StreamName);

/// <summary>A saved push target as the REST interface shows it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">For people.</param>
/// <param name="Address">Server and application, without the key.</param>
/// <param name="HasKey">Whether a stream key is saved; it is never shown.</param>
/// <param name="KeySetAt">When it was set.</param>
internal sealed record PushTargetObject(int Id, string Name, string Address, bool HasKey, DateTimeOffset? KeySetAt)
{
    public static PushTargetObject From(PushTargetView target) => new(target.Id, target.Name, target.Address, target.HasKey, target.KeySetAt);
}

/// <summary>Source-generated JSON of the saved push targets.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(PushTargetBody))]
[JsonSerializable(typeof(PushTargetObject))]
[JsonSerializable(typeof(PushTargetObject[]))]
internal sealed partial class PushTargetJson : JsonSerializerContext;

/// <summary><c>/rest-api/v2/push-targets</c>: saved targets, their keys never shown; <c>/rest-api/v2/pushes/{id}/retry</c>: the next attempt at once.</summary>
internal static class PushTargetApi
{
    public static void MapPushTargets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/rest-api/v2/push-targets").WithTags("Push");
        group.MapGet("", ListAsync).WithSummary("Saved push targets, without their keys").Produces<PushTargetObject[]>().Documented(401, 403, 503);
        group.MapPost("", (HttpContext http, PushTargetStore store) => SaveAsync(0, http, store)).WithSummary("Save a push target")
            .WithMetadata(new BodyDoc(typeof(PushTargetDoc))).Produces<PushTargetObject>(201).Documented(400, 401, 403, 415, 503);
        group.MapPatch("/{id:int}", (int id, HttpContext http, PushTargetStore store) => SaveAsync(id, http, store)).WithSummary("Change a push target; what is missing stays")
            .WithMetadata(new BodyDoc(typeof(PushTargetDoc))).Produces<PushTargetObject>().Documented(400, 401, 403, 404, 415, 503);
        group.MapDelete("/{id:int}", DeleteAsync).WithSummary("Delete a push target; pushes that run go on").Produces(200).Documented(401, 403, 404, 503);
        group.MapPost("/{id:int}/push", PushAsync).WithSummary("Send a stream to a saved target")
            .WithMetadata(new BodyDoc(typeof(PushToTargetDoc))).Produces<PushObject>().Documented(400, 401, 403, 404, 409, 415, 503);
        group.MapPost("/{id:int}/test", TestAsync).WithSummary("Try an RTMP target without publishing: name, connection, TLS, application. The key is not tried").Produces(200).Documented(400, 401, 403, 404, 502, 503);
        group.RefuseOthers("", "GET", "POST");
        group.RefuseOthers("/{id:int}", "PATCH", "DELETE");
        foreach (var path in (string[])["/{id:int}/push", "/{id:int}/test"]) group.RefuseOthers(path, "POST");

        routes.MapPost("/rest-api/v2/pushes/{mediaSessionId}/retry", Retry).WithTags("Push").WithSummary("Make the next attempt of a push that is retrying at once").Produces(200).Documented(401, 403, 404, 409);
        routes.RefuseOthers("/rest-api/v2/pushes/{mediaSessionId}/retry", "POST");
    }

    private static async Task<IResult> ListAsync(HttpContext http, PushTargetStore store)
    {
        var list = await store.ListAsync(http.RequestAborted);
        return list.Succeeded
            ? TypedResults.Json([.. list.Value.Targets.Select(PushTargetObject.From)], PushTargetJson.Default.PushTargetObjectArray)
            : Problems.From(http, list.Failures);
    }

    private static async Task<IResult> SaveAsync(int id, HttpContext http, PushTargetStore store)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, PushTargetJson.Default.PushTargetBody);
        if (body is null) return error!;
        var errors = new FieldErrors();
        foreach (var (field, value) in (ReadOnlySpan<(string, LooseValue)>)[("name", body.Name), ("address", body.Address), ("key", body.Key)])
            if (value.IsComposite) errors.Add(field, "must be text");
        if (errors.Any) return Problems.Fields(http, errors);
        var draft = new PushTargetDraft { Id = id };
        if (id != 0)
        {
            var found = await store.FindAsync(id, http.RequestAborted);
            if (!found.Succeeded) return Problems.From(http, found.Failures);
            draft = PushTargetDraft.From(found.Value);
        }

        draft.Name = body.Name.Text ?? draft.Name;
        draft.Address = body.Address.Text ?? draft.Address;
        draft.Key = body.Key.Text;
        var saved = await store.SaveAsync(draft, http.RequestAborted);
        if (!saved.Succeeded) return Problems.From(http, [.. saved.Failures.Select(f => f with { Field = f.Field?.ToLowerInvariant() })]);
        AuditTarget.Name(http, saved.Value.Name);
        return TypedResults.Json(PushTargetObject.From(saved.Value), PushTargetJson.Default.PushTargetObject, statusCode: id == 0 ? 201 : 200);
    }

    private static async Task<IResult> DeleteAsync(int id, HttpContext http, PushTargetStore store)
    {
        AuditTarget.Name(http, id.ToString(CultureInfo.InvariantCulture));
        var deleted = await store.DeleteAsync(id, http.RequestAborted);
        return deleted.Succeeded ? new EmptyOk() : Problems.From(http, deleted.Failures);
    }

    private static async Task<IResult> PushAsync(int id, HttpContext http, PushTargetStore store, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, PushTargetJson.Default.PushTargetBody);
        if (body is null) return error!;
        if (!StreamName.TryParse(body.StreamName.IsEmpty ? null : body.StreamName.Text?.Trim(), out var stream))
            return Problems.Field(http, "streamName", body.StreamName.IsEmpty ? "is required" : "must be 1 to 64 letters, digits, dots, underscores or hyphens");
        var request = await store.RequestAsync(id, stream, http.RequestAborted);
        if (!request.Succeeded) return Problems.From(http, request.Failures);
        var push = engine.StartPush(request.Value);
        return push.Succeeded ? TypedResults.Json(PushObject.From(push.Value), ApiJson.Default.PushObject) : Problems.From(http, push.Failures);
    }

    private static async Task<IResult> TestAsync(int id, HttpContext http, PushTargetStore store, MediaEngine engine)
    {
        var found = await store.FindAsync(id, http.RequestAborted);
        if (!found.Succeeded) return Problems.From(http, found.Failures);
        if (await engine.TestPushAsync(found.Value.Address, http.RequestAborted) is not { } failure) return new EmptyOk();
        return failure.Blame is Blame.Peer or Blame.Network ? Problems.Of(http, 502, failure.Code, failure.Title, failure.Advice) : Problems.From(http, [failure]);
    }

    private static IResult Retry(string mediaSessionId, HttpContext http, MediaEngine engine) =>
        engine.RetryPush(mediaSessionId) is { } failure ? Problems.From(http, [failure]) : new EmptyOk();
}
