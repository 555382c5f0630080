using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SipStreamApp.Api;

/// <summary>Body of <c>/stream/find</c> and <c>/stream/terminate</c> as it arrives.</summary>
internal sealed record StreamFilterBody
{
    public LooseValue MediaSessionId { get; init; }
    public JsonElement? MediaSessionIds { get; init; }
    public LooseValue Name { get; init; }
    public LooseValue Published { get; init; }
    public LooseValue Status { get; init; }
    public JsonElement? Display { get; init; }

    /// <summary>What was written and is none of these: never a reason to find, or to stop, everything.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>Body of <c>/stream/event/send</c> as it arrives.</summary>
internal sealed record StreamEventBody
{
    public LooseValue StreamName { get; init; }
    public LooseValue Name { get; init; }
    public JsonNode? Payload { get; init; }
}

/// <summary>Body of <c>/stream/find</c>, for the OpenAPI document; a missing field matches every stream.</summary>
internal sealed record StreamFilterDoc(
    string? MediaSessionId, [property: Description("Name of the stream")] string? Name,
    [property: Description("true: published streams only; false: viewers only")] bool? Published,
    [property: Description("PENDING, PUBLISHING or PLAYING")] string? Status,
    [property: Description("[\"metrics\"] adds the figures")] string[]? Display);

/// <summary>Body of <c>/stream/terminate</c>, for the OpenAPI document. Empty: all streams.</summary>
internal sealed record StreamTerminateDoc(string? MediaSessionId, string[]? MediaSessionIds, string? Name, bool? Published, string? Status);

/// <summary>Body of <c>/stream/event/send</c>, for the OpenAPI document.</summary>
internal sealed record StreamEventDoc(string StreamName, object? Payload);

/// <summary>Which streams a request is about. Pure.</summary>
internal sealed record StreamFilter(IReadOnlySet<string>? Ids, string? Name, bool? Published, string? Status, bool WithMetrics)
{
    private const int MostIds = 1000;

    /// <summary>True where it names nothing: it means every stream.</summary>
    public bool IsEmpty => Ids is null && Name is null && Published is null && Status is null;

    public static StreamFilter Read(StreamFilterBody body, FieldErrors errors)
    {
        var ids = ReadIds(body, errors);
        bool? published = null;
        if (body.Published.TryFlag(out var flag)) published = flag;
        else if (!body.Published.IsEmpty) errors.Add("published", "must be true or false");
        foreach (var (field, value) in ((string, LooseValue)[])[("name", body.Name), ("status", body.Status)])
            if (value.IsComposite) errors.Add(field, "must be a text");
        return new(ids, Text(body.Name), published, Text(body.Status)?.ToUpperInvariant(), Words(body.Display).Contains("metrics", StringComparer.OrdinalIgnoreCase));
    }

    public bool Matches(StreamObject stream) =>
        (Ids is null || Ids.Contains(stream.MediaSessionId)) && (Name is null || stream.Name == Name)
        && (Published is null || stream.Published == Published) && (Status is null || stream.Status == Status);

    private static HashSet<string>? ReadIds(StreamFilterBody body, FieldErrors errors)
    {
        var one = Text(body.MediaSessionId);
        if (body.MediaSessionId.IsComposite) errors.Add("mediaSessionId", "must be a text; mediaSessionIds takes a list");
        if (body.MediaSessionIds is not { ValueKind: not JsonValueKind.Null } list) return one is null ? null : [one];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostIds) errors.Add("mediaSessionIds", $"must be a list of at most {MostIds} texts");
        HashSet<string> ids = [.. Words(list)];
        if (one is not null) ids.Add(one);
        return ids;
    }

    private static IEnumerable<string> Words(JsonElement? list) => list switch
    {
        { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.Text() ?? ""),
        { ValueKind: JsonValueKind.String } one => [one.Text() ?? ""],
        _ => [],
    };

    private static string? Text(LooseValue value) => value.IsEmpty ? null : value.Text?.Trim();
}
