using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Scalar.AspNetCore;
using SipStreamApp.Hosting;
using SipStreamApp.Live;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary>Services, pipeline and routes of the REST interface and WHEP.</summary>
internal static class ApiSetup
{
    private const string ApiCors = "api";
    private const string PublicFiles = "public-files";

    public static void AddApi(this IServiceCollection services, AppSettings settings)
    {
        services.AddProblemDetails();
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<StreamDirectory>();
        services.AddSingleton<StatPage>();
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddOpenApi(ApiDocs.Configure);
        services.AddCors(cors =>
        {
            cors.AddPolicy(ApiCors, policy => policy
                .SetIsOriginAllowed(settings.CorsOrigins.Allows)
                .WithMethods("GET", "POST", "DELETE", "OPTIONS", "PATCH")
                .WithHeaders("content-type", "x-requested-with", "authorization", "x-api-key")
                .WithExposedHeaders("Location", "ETag", "Retry-After")
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));

            // Module scripts are always fetched with CORS; the player is for pages of any site.
            cors.AddPolicy(PublicFiles, policy => policy.AllowAnyOrigin().WithMethods("GET"));
        });
    }

    /// <summary>Errors under the API paths are problem documents with CORS headers, never HTML.</summary>
    public static void UseApi(this IApplicationBuilder app)
    {
        app.UseWhen(c => IsApi(c.Request.Path), api =>
        {
            api.UseCors(ApiCors);
            api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Problems.WriteBare, AllowStatusCode404Response = true });
            api.UseStatusCodePages(context => Problems.WriteBare(context.HttpContext));
        });
        app.UseWhen(StatPage.IsAsked, stat =>
        {
            stat.UseCors(ApiCors);
            stat.Run(StatPage.WriteAsync);
        });
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/player", out var rest) && rest.HasValue, files => files.UseCors(PublicFiles));
    }

    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/rest-api") || path.StartsWithSegments("/whep") || path.StartsWithSegments("/whip") || path.StartsWithSegments("/mse") || path.StartsWithSegments("/hls")
        || path.StartsWithSegments("/live")
        || path.StartsWithSegments("/streams", out var rest) && rest.Value is { } p && p.EndsWith("/snapshot.jpg", StringComparison.Ordinal)
        || path.StartsWithSegments("/client/records") || path.StartsWithSegments("/recordings", out var recording) && recording.HasValue
        || IsWcsPlaylist(path) || path.StartsWithSegments("/openapi") || path.StartsWithSegments("/admin");

    private static void MapRest(this IEndpointRouteBuilder rest)
    {
        rest.MapCalls();
        rest.MapPushes();
        rest.MapStreams();
        rest.MapSnapshotMethod();
        rest.MapRecorder();
        rest.MapConnections();
        rest.MapNotServed();
    }

    // WCS plays HLS at /{stream}/{stream}.m3u8.
    private static bool IsWcsPlaylist(PathString path) => path.Value is { } text && text.EndsWith(".m3u8", StringComparison.Ordinal);

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/rest-api").MapRest();

        // The newer address of the same methods; documented once.
        var v3 = routes.MapGroup("/rest-api/v3");
        v3.ExcludeFromDescription();
        v3.MapRest();
        routes.MapWhep();
        routes.MapWhip();
        routes.MapRecordingFiles();
        routes.MapMse();
        routes.MapHls();
        routes.MapSnapshots();
        routes.MapTraces();
        routes.MapCallFeed();
        routes.MapLevels();
        routes.MapHistory();
        routes.MapPushTargets();
        routes.MapRecordingSweep();
        routes.RefuseUnknown("/rest-api");
        routes.RefuseUnknown("/whep");
        routes.RefuseUnknown("/whip");
        routes.RefuseUnknown("/mse");
        routes.RefuseUnknown("/hls");
        routes.RefuseUnknown("/live");
        routes.MapOpenApi();
        routes.MapScalarApiReference("/api-docs", scalar => scalar.WithTitle("SipStreamApp REST").DisableDefaultFonts());
    }
}
