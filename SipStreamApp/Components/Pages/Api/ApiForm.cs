using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>A request as it is filled in: the form and its JSON are two views of this. Secrets stand in the JSON by their name.</summary>
internal sealed class ApiForm(ApiOperation operation)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, string> _parameters = [];
    private readonly Dictionary<string, string> _secrets = [];

    /// <summary>What is asked for.</summary>
    public ApiOperation Operation => operation;

    /// <summary>The body; secrets stand in it by their name.</summary>
    public JsonObject Body { get; private set; } = [];

    /// <summary>A body that is no JSON (SDP).</summary>
    public string Raw { get; set; } = "";

    /// <summary>Under the newer base.</summary>
    public bool IsNewer { get; set; }

    /// <summary>The body as people read it.</summary>
    public string Json => Body.ToJsonString(Readable);

    /// <summary>What a field of the form holds.</summary>
    public string Get(ApiField field)
    {
        if (field.Place != ApiPlace.Body) return _parameters.GetValueOrDefault(field.Name, "");
        if (field.Secret is not null) return _secrets.GetValueOrDefault(field.Name, "");
        return Find(field.Name, false) is var (holder, name) && holder?[name] is { } value ? TextOf(value) : "";
    }

    /// <summary>Fills a field in; an empty text takes it out.</summary>
    public void Set(ApiField field, string text)
    {
        if (field.Place != ApiPlace.Body)
        {
            _parameters[field.Name] = text;
            return;
        }

        if (field.Secret is { } secret)
        {
            _secrets[field.Name] = text;
            if (text.Length > 0) text = "$" + secret;
        }

        var (holder, name) = Find(field.Name, text.Length > 0);
        if (text.Length > 0) holder![name] = ValueOf(field.Kind, text);
        else if (holder?.Remove(name) == true) Prune(field.Name);
    }

    /// <summary>Takes the body over from JSON; else where it is wrong, in words.</summary>
    public string? Read(string json)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json.Trim().Length == 0 ? "{}" : json, null, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (node is not JsonObject body) return L("The body must be an object: { … }");

            // Lazy until it is looked at; a name that is there twice comes out here.
            foreach (var field in operation.Fields.Where(f => f.Secret is not null))
            {
                if (body[field.Name] is not JsonValue value || TextOf(value) is var text && text == "$" + field.Secret) continue;
                _secrets[field.Name] = text;
                body[field.Name] = "$" + field.Secret;
            }

            _ = body.Count;
            Body = body;
            return null;
        }
        catch (JsonException e)
        {
            return L("Line {0}: this is not JSON yet", (e.LineNumber ?? 0) + 1);
        }
        catch (ArgumentException)
        {
            return L("A name stands twice in it");
        }
    }

    /// <summary>Path and query; null where a part of the path is missing.</summary>
    public string? Address()
    {
        var path = IsNewer && operation.NewerPath is { } newer ? newer : operation.Path;
        var query = new List<string>();
        foreach (var field in operation.Fields)
        {
            var text = _parameters.GetValueOrDefault(field.Name, "").Trim();
            if (field.Place == ApiPlace.Path)
            {
                if (text.Length == 0) return null;
                path = path.Replace("{" + field.Name + "}", Uri.EscapeDataString(text), StringComparison.Ordinal);
            }
            else if (field.Place == ApiPlace.Query && text.Length > 0)
            {
                foreach (var part in field.Kind == ApiKind.List ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text])
                    query.Add($"{field.Name}={Uri.EscapeDataString(part)}");
            }
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>What is sent, secrets included; null: nothing.</summary>
    public string? Sent()
    {
        if (operation.ContentType is null) return null;
        if (!operation.HasJson) return Raw;
        var body = (JsonObject)Body.DeepClone();
        foreach (var field in operation.Fields.Where(f => f.Secret is not null))
            if (body[field.Name] is JsonValue value && TextOf(value) == "$" + field.Secret && _secrets.GetValueOrDefault(field.Name, "") is { Length: > 0 } secret) body[field.Name] = secret;
        return body.ToJsonString(Readable);
    }

    /// <summary>The request as the browser may keep it: without secrets, and without the key at the end of a push address.</summary>
    public ApiKept Kept()
    {
        var body = (JsonObject)Body.DeepClone();
        if (body["rtmpUrl"] is JsonValue value && Uri.TryCreate(TextOf(value), UriKind.Absolute, out var uri))
            body["rtmpUrl"] = $"{uri.Scheme}://{uri.Authority}{string.Concat(uri.Segments.Take(2))}";
        return new ApiKept(operation.Id, Address() ?? operation.Path, operation.HasJson ? body.ToJsonString() : null, new Dictionary<string, string>(_parameters));
    }

    /// <summary>Fills in what was kept.</summary>
    public void Restore(ApiKept kept)
    {
        foreach (var (name, text) in kept.Parameters) _parameters[name] = text;
        if (kept.Body is not null) _ = Read(kept.Body);
    }

    private static string TextOf(JsonNode value) => value switch
    {
        JsonArray list when list.All(i => i is JsonValue) => string.Join(", ", list.Select(i => i!.ToString())),
        JsonValue single when single.GetValueKind() == JsonValueKind.String => single.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static JsonNode? ValueOf(ApiKind kind, string text) => kind switch
    {
        ApiKind.Flag when text is "true" or "false" => text == "true",
        ApiKind.Number when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        ApiKind.List => new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => (JsonNode)t)]),
        ApiKind.Any => Parsed(text),
        _ => text,
    };

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private (JsonObject? Holder, string Name) Find(string path, bool make)
    {
        var parts = path.Split('.');
        JsonObject? at = Body;
        foreach (var part in parts[..^1])
        {
            if (at![part] is not JsonObject next)
            {
                if (!make) return (null, parts[^1]);
                at[part] = next = [];
            }

            at = next;
        }

        return (at, parts[^1]);
    }

    // An object with nothing in it any more says something else than no object.
    private void Prune(string path)
    {
        if (path.Split('.') is [var outer, _] && Body[outer] is JsonObject { Count: 0 }) Body.Remove(outer);
    }
}

/// <summary>A request as the browser's history keeps it.</summary>
/// <param name="Op">The operation.</param>
/// <param name="Address">Path and query.</param>
/// <param name="Body">JSON body without secrets; null: none.</param>
/// <param name="Parameters">Fields of path and query.</param>
internal sealed record ApiKept(string Op, string Address, string? Body, Dictionary<string, string> Parameters)
{
    /// <summary>When it was sent, milliseconds since 1970.</summary>
    public double At { get; init; }

    /// <summary>HTTP status of the answer; 0: none came.</summary>
    public int Status { get; init; }

    /// <summary>From sending to the last byte, milliseconds.</summary>
    public double Milliseconds { get; init; }
}
