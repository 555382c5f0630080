using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace SipStreamApp.Hooks;

/// <summary>What becomes of the backend's answer.</summary>
internal enum HookPolicy
{
    /// <summary>The backend is told; its answer changes nothing.</summary>
    Notify,

    /// <summary>The fields it may overwrite are taken from its answer.</summary>
    Overwrite,

    /// <summary>The backend is not asked.</summary>
    Disable,
}

/// <summary>How one hook of one session is handled: an entry of <c>restClientConfig</c> in the answer to <c>connect</c>. Pure.</summary>
/// <param name="RestExclude">Fields the backend does not get.</param>
/// <param name="ClientExclude">Fields the client does not get.</param>
/// <param name="FailOnError">FAIL: an error of the backend aborts the operation. LOG: it goes on.</param>
/// <param name="Policy">What becomes of the answer.</param>
/// <param name="Overwrite">Fields that are taken from the answer.</param>
internal sealed record HookRule(IReadOnlySet<string> RestExclude, IReadOnlySet<string> ClientExclude, bool FailOnError, HookPolicy Policy, IReadOnlySet<string> Overwrite)
{
    // Whose message it is, is not for a backend to change.
    private static readonly FrozenSet<string> Fixed = FrozenSet.ToFrozenSet(["nodeId", "appKey", "sessionId"]);

    /// <summary>Where the configuration says nothing.</summary>
    public static HookRule Default { get; } = new(FrozenSet<string>.Empty, FrozenSet<string>.Empty, false, HookPolicy.Notify, FrozenSet<string>.Empty);

    /// <summary><c>connect</c> asks who may enter before any configuration is known: what is not a clear yes is a no.</summary>
    public static HookRule Connect { get; } = Default with { FailOnError = true };

    /// <summary>Reads a whole <c>restClientConfig</c>; what makes no sense counts as not written.</summary>
    public static IReadOnlyDictionary<string, HookRule> ReadAll(JsonNode? config)
    {
        if (config is not JsonObject hooks) return FrozenDictionary<string, HookRule>.Empty;
        var rules = new Dictionary<string, HookRule>(StringComparer.Ordinal);
        foreach (var (hook, entry) in hooks.Take(100)) if (entry is JsonObject rule) rules[hook] = Read(rule, hook == "connect" ? Connect : Default);
        return rules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What the backend gets of a message.</summary>
    public JsonObject ForBackend(JsonObject message) => Without(message, RestExclude);

    /// <summary>The message to go on with, after the backend's answer.</summary>
    public JsonObject ForClient(JsonObject message, JsonObject? answer)
    {
        var result = Without(message, ClientExclude);
        if (Policy != HookPolicy.Overwrite || answer is null) return result;
        foreach (var field in Overwrite) if (answer.TryGetPropertyValue(field, out var value)) result[field] = value?.DeepClone();
        return result;
    }

    private static JsonObject Without(JsonObject message, IReadOnlySet<string> fields)
    {
        var copy = (JsonObject)message.DeepClone();
        foreach (var field in fields) copy.Remove(field);
        return copy;
    }

    private static HookRule Read(JsonObject rule, HookRule otherwise) => new(
        Names(rule["restExclude"]), Names(rule["clientExclude"]),
        Word(rule["restOnError"]) switch { "FAIL" => true, "LOG" => false, _ => otherwise.FailOnError },
        Word(rule["restPolicy"]) switch { "OVERWRITE" => HookPolicy.Overwrite, "DISABLE" or "DISABLED" => HookPolicy.Disable, _ => HookPolicy.Notify },
        Names(rule["restOverwrite"]));

    // "a,b" as it is documented, or ["a","b"].
    private static FrozenSet<string> Names(JsonNode? node)
    {
        var words = node is JsonArray list ? list.Select(e => e is JsonValue ? e.ToString() : "") : (node is JsonValue ? node.ToString() : "").Split(',');
        return words.Select(w => w.Trim()).Where(w => w.Length > 0 && !Fixed.Contains(w)).ToFrozenSet(StringComparer.Ordinal);
    }

    private static string? Word(JsonNode? node) => (node as JsonValue)?.ToString().Trim().ToUpperInvariant();
}
