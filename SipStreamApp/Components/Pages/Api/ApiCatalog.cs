using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>Every method of the REST interface, read from the program's own OpenAPI document: what is added there is in the explorer.</summary>
internal sealed class ApiCatalog(Func<Task<IReadOnlyList<ApiOperation>>> read)
{
    private static readonly string[] Order = ["Call", "Stream", "Streams", "Recorder", "Recordings", "Push", "Connection", "Links", "History", "Health", "Admin", "WHEP", "WHIP", "HLS"];

    // WebSockets are not sent by fetch.
    private static readonly string[] NotSent = ["MSE"];
    private Task<IReadOnlyList<ApiOperation>>? _all;

    /// <summary>All of them, in groups.</summary>
    public Task<IReadOnlyList<ApiOperation>> AllAsync() => _all ??= read();

    /// <summary>Reads the document of the running program, once.</summary>
    public static ApiCatalog Of(IServiceProvider services) => new(async () =>
    {
        var routes = services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => "/" + e.RoutePattern.RawText?.Trim('/')).ToHashSet();
        return Read(await services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(), routes);
    });

    /// <summary>The operations of a document. Pure.</summary>
    /// <param name="document">The document.</param>
    /// <param name="routes">Paths that exist, whether documented or not.</param>
    internal static IReadOnlyList<ApiOperation> Read(OpenApiDocument document, IReadOnlySet<string> routes) =>
    [
        .. from path in document.Paths
           from operation in path.Value.Operations ?? []
           let method = operation.Key.Method.ToUpperInvariant()
           let tag = operation.Value.Tags?.FirstOrDefault()?.Name ?? "Other"
           where method != "HEAD" && !NotSent.Contains(tag)
           let known = Array.IndexOf(Order, tag)
           orderby known < 0 ? Order.Length : known, tag
           select Of(tag, method, path.Key, operation.Value) with { NewerPath = ApiOperation.Newer(path.Key, routes) }
    ];

    private static ApiOperation Of(string tag, string method, string path, OpenApiOperation operation)
    {
        var fields = new List<ApiField>();
        foreach (var parameter in operation.Parameters ?? [])
            if (parameter.Name is { } name && parameter.In is ParameterLocation.Path or ParameterLocation.Query)
                fields.Add(new ApiField(name, parameter.In == ParameterLocation.Path ? ApiPlace.Path : ApiPlace.Query, KindOf(parameter.Schema), parameter.Required, parameter.Description));
        var (type, media) = operation.RequestBody?.Content?.FirstOrDefault() ?? default;
        if (media?.Schema is { } schema) Add(fields, schema, "", true);
        return new ApiOperation(tag, method, path, operation.Summary ?? path, operation.Description, fields, type);
    }

    private static void Add(List<ApiField> fields, IOpenApiSchema schema, string prefix, bool isRequired)
    {
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            var required = isRequired && schema.Required?.Contains(name) == true;
            if (property.Properties is { Count: > 0 }) Add(fields, property, prefix + name + ".", required);
            else fields.Add(new ApiField(prefix + name, ApiPlace.Body, KindOf(property), required, property.Description));
        }
    }

    private static ApiKind KindOf(IOpenApiSchema? schema) => schema?.Type switch
    {
        null => ApiKind.Any,
        { } type when type.HasFlag(JsonSchemaType.Boolean) => ApiKind.Flag,
        { } type when type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number) => ApiKind.Number,
        { } type when type.HasFlag(JsonSchemaType.Array) => ApiKind.List,
        { } type when type.HasFlag(JsonSchemaType.String) => ApiKind.Text,
        _ => ApiKind.Any,
    };
}
