using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using SipStreamApp.Api;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security;

/// <summary>Body of <c>POST /rest-api/v2/links</c>.</summary>
internal sealed record LinkBody
{
    public LooseValue StreamName { get; init; }
    public LooseValue ExpiresInSeconds { get; init; }
    public LooseValue MaxViewers { get; init; }
    public LooseValue Label { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record LinkDoc(
    string StreamName, [property: Description("1 to 31622400; default 86400")] long? ExpiresInSeconds, [property: Description("Viewers at once; any number where missing")] int? MaxViewers, string? Label);

/// <summary>A play link as the REST interface shows it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="StreamName">What it opens.</param>
/// <param name="K">The token: <c>k=</c> in the query of /whep, /hls, /mse and /embed.</param>
/// <param name="Label">What it is for.</param>
/// <param name="MaxViewers">Viewers at once; null: any number.</param>
/// <param name="Viewers">Viewers now.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="Revoked">It was taken back.</param>
internal sealed record LinkObject(
    string Id, string StreamName, string K, string? Label, int? MaxViewers, int Viewers, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Revoked)
{
    public static LinkObject From(SignedLink signed, LinkSeats seats) => new(
        signed.Link.Id, signed.Link.StreamName, signed.Token, signed.Link.Label, signed.Link.MaxViewers, seats.Count(signed.Link.Id), signed.Link.CreatedBy, signed.Link.CreatedAt,
        signed.Link.ExpiresAt, signed.Link.RevokedAt is not null);
}

/// <summary>Whether the server is being emptied.</summary>
internal sealed record DrainState(bool Draining, int Calls);

/// <summary>Source-generated JSON of this folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(LinkObject))]
[JsonSerializable(typeof(LinkObject[]))]
[JsonSerializable(typeof(DrainState))]
internal sealed partial class SecurityJson : JsonSerializerContext;

/// <summary><c>/rest-api/v2/links</c>: signed links to streams. <c>/admin/drain</c>: takes no new calls any more.</summary>
internal static partial class SecurityApi
{
    public static void MapSecurityApi(this IEndpointRouteBuilder routes)
    {
        var links = routes.MapGroup("/rest-api/v2/links").WithTags("Links");
        links.MapGet("", ListAsync).WithSummary("Signed links to streams").Produces<LinkObject[]>().Documented(401, 403, 503);
        links.MapPost("", CreateAsync).WithSummary("Make a signed link to one stream").WithMetadata(new BodyDoc(typeof(LinkDoc))).Produces<LinkObject>(201).Documented(400, 401, 403, 503);
        links.MapDelete("/{id}", RevokeAsync).WithSummary("Take a link back; who watches by it stops").Produces(200).Documented(401, 403, 404, 503);
        links.RefuseOthers("", "GET", "POST");
        links.RefuseOthers("/{id}", "DELETE");
        foreach (var path in (string[])["/admin/drain", "/rest-api/v2/admin/drain"])
        {
            var drain = routes.MapGroup(path).WithTags("Admin");
            drain.MapGet("", (MediaEngine engine) => State(engine)).WithSummary("Whether new calls are refused, and how many are up").Produces<DrainState>();
            drain.MapPost("", (MediaEngine engine, HttpContext http, ILogger<DrainState> logger) => Drain(engine, http, logger, true)).WithSummary("Refuse new calls; those that are up go on").Produces<DrainState>();
            drain.MapDelete("", (MediaEngine engine, HttpContext http, ILogger<DrainState> logger) => Drain(engine, http, logger, false)).WithSummary("Take calls again").Produces<DrainState>();
            drain.RefuseOthers("", "GET", "POST", "DELETE");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, PlayLinkStore links, LinkSeats seats)
    {
        var list = await links.ListAsync(http.RequestAborted);
        return list.Succeeded
            ? TypedResults.Json([.. list.Value.Links.Select(l => LinkObject.From(l, seats))], SecurityJson.Default.LinkObjectArray)
            : Problems.From(http, list.Failures);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, PlayLinkStore links, LinkSeats seats)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, SecurityJson.Default.LinkBody);
        if (body is null) return error!;
        var errors = new FieldErrors();
        var seconds = Number(body.ExpiresInSeconds, "expiresInSeconds", 86_400, errors);
        var viewers = Number(body.MaxViewers, "maxViewers", null, errors);
        if (body.StreamName.IsEmpty || body.StreamName.IsComposite) errors.Add("streamName", "is required");
        if (body.Label.IsComposite) errors.Add("label", "must be text");
        if (errors.Any) return Problems.Fields(http, errors);
        var made = await links.CreateAsync(body.StreamName.Text ?? "", TimeSpan.FromSeconds(seconds ?? 86_400), viewers, body.Label.Text, Caller.Of(http).Name, http.RequestAborted);
        if (!made.Succeeded) return Problems.From(http, made.Failures);
        AuditTarget.Name(http, $"{made.Value.Link.StreamName} ({made.Value.Link.Id})");
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(LinkObject.From(made.Value, seats), SecurityJson.Default.LinkObject, statusCode: 201);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, PlayLinkStore links, LinkSeats seats)
    {
        AuditTarget.Name(http, id);
        if (await links.RevokeAsync(id, http.RequestAborted) is { } failure)
            return failure.Code == "link-not-found" ? Problems.Of(http, 404, failure.Code, failure.Title) : Problems.From(http, [failure]);
        seats.Clear(id);
        return new EmptyOk();
    }

    private static int? Number(LooseValue value, string field, int? fallback, FieldErrors errors)
    {
        if (value.IsEmpty) return fallback;
        if (int.TryParse(value.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) return number;
        errors.Add(field, "must be a whole number");
        return fallback;
    }

    private static JsonHttpResult<DrainState> State(MediaEngine engine) => TypedResults.Json(new DrainState(engine.Draining, engine.Snapshot().Calls), SecurityJson.Default.DrainState);

    private static JsonHttpResult<DrainState> Drain(MediaEngine engine, HttpContext http, ILogger logger, bool draining)
    {
        if (engine.Draining != draining) Log.Drain(logger, Caller.Of(http).Name, draining ? "takes no new calls" : "takes calls again");
        engine.Draining = draining;
        return State(engine);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.Draining, LogLevel.Warning, "{Who}: the server {What}")]
        public static partial void Drain(ILogger logger, string who, string what);
    }
}
