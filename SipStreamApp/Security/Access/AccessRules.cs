using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>How a request without the right is answered.</summary>
internal enum NeedKind
{
    /// <summary>Open to all: the login and what it looks like.</summary>
    Open,

    /// <summary>For players: Playback:Access decides.</summary>
    Play,

    /// <summary>The Web SDK's socket: pages cannot send headers with it, so its first message may bring the key or link, and the session holds the rights.</summary>
    Client,

    /// <summary>For programs: 401 or 403 with a problem body.</summary>
    Api,

    /// <summary>For people: on to the login.</summary>
    Page,
}

/// <summary>What a request needs.</summary>
/// <param name="Kind">How it is answered without.</param>
/// <param name="Scope">The right.</param>
/// <param name="Stream">The stream that is to be played; null elsewhere.</param>
internal readonly record struct Need(NeedKind Kind, Scopes Scope, string? Stream = null);

/// <summary>
/// The one table of who may do what, by method and path. What it does not know needs the right to control: a new address is closed until it
/// is named here. Used for requests, and for the pages of a circuit, where no request is made. Pure.
/// </summary>
internal static class AccessRules
{
    // Programs for Web Call Server ask by POST, too.
    private static readonly HashSet<string> Questions = new(StringComparer.OrdinalIgnoreCase) { "find", "find_all", "stats", "snapshot", "getStat", "info" };

    private static readonly HashSet<string> FileEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".css", ".js", ".mjs", ".svg", ".ico", ".png", ".jpg", ".woff2", ".map", ".webmanifest", ".gz", ".br", ".txt",
    };

    public static Need Of(string method, PathString path, bool webSocket)
    {
        var parts = (path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var first = parts.Length > 0 ? parts[0].ToLowerInvariant() : "";
        var safe = RequestGuard.IsSafe(method);
        if (webSocket && IsClientSocket(path)) return new(NeedKind.Client, Scopes.Control);
        if (first is "login" or "logout" or "setup" or "error" or "not-found" && parts.Length == 1) return new(NeedKind.Open, Scopes.None);

        // Who knows the id of a session may end it; nobody can guess one.
        if (first == "whep" && parts.Length == 3 && HttpMethods.IsDelete(method)) return new(NeedKind.Open, Scopes.None);
        if (PlayedStream(first, parts) is { } stream) return new(NeedKind.Play, Scopes.Play, stream);
        return first switch
        {
            "health" when parts.Length == 2 && safe => new(NeedKind.Open, Scopes.None),
            "_framework" or "_content" when safe => new(NeedKind.Open, Scopes.None),
            "player" when safe && parts.Length > 1 => new(NeedKind.Open, Scopes.None),
            "metrics" or "live" when safe => new(NeedKind.Api, Scopes.Read),
            "admin" => new(NeedKind.Api, Scopes.Admin),
            "rest-api" => Rest(parts, safe),
            "_blazor" => new(NeedKind.Page, Scopes.Read),
            "openapi" or "api-docs" => new(NeedKind.Page, Scopes.Read),
            "client" when parts.Length > 2 && parts[1].Equals("records", StringComparison.OrdinalIgnoreCase) => new(NeedKind.Api, safe ? Scopes.Read : Scopes.Control),
            "recordings" when parts.Length > 1 => new(NeedKind.Api, safe ? Scopes.Read : Scopes.Control),
            "settings" or "audit" => new(NeedKind.Page, Scopes.Admin),
            _ when safe && !webSocket && IsShown(first, parts) => new(NeedKind.Page, Scopes.Read),
            _ when safe && parts.Length == 1 && FileEndings.Contains(Path.GetExtension(parts[0])) => new(NeedKind.Open, Scopes.None),
            _ => new(safe && !webSocket ? NeedKind.Page : NeedKind.Api, Scopes.Control),
        };
    }

    /// <summary>
    /// True for the addresses of the Web SDK's socket: the root, and any single name, since pages made for Web Call Server put the stream's name there
    /// ("ws://host:8080/name") and proxies a word such as /websocket.
    /// </summary>
    public static bool IsClientSocket(PathString path)
    {
        var name = (path.Value ?? "").Trim('/');
        return !name.Contains('/', StringComparison.Ordinal) && !name.StartsWith('_') && !name.Equals("mse", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What the pages under these templates ("/calls/{CallId}") need, the most of it where there are several.</summary>
    public static Scopes OfPage(IEnumerable<string> templates) => templates.Select(t => Of(HttpMethods.Get, t, webSocket: false)).Aggregate(Scopes.None, (all, need) => all | need.Scope);

    // Pages that only show; what can be done on them each person's right decides once more, in Components/Doors.
    private static bool IsShown(string first, string[] parts) => first switch
    {
        "" or "player" or "history" or "recordings" or "api" => parts.Length < 2,
        "calls" => parts.Length == 1 || (parts.Length == 2 && !parts[1].Equals("new", StringComparison.OrdinalIgnoreCase)),
        "streams" => parts.Length is 1 or 2,
        _ => false,
    };

    private static Need Rest(string[] parts, bool safe)
    {
        if (parts.Any(p => p.Equals("admin", StringComparison.OrdinalIgnoreCase) || p.Equals("users", StringComparison.OrdinalIgnoreCase) || p.Equals("keys", StringComparison.OrdinalIgnoreCase)))
            return new(NeedKind.Api, Scopes.Admin);

        // Checks send REGISTERs and name accounts. (The page falls under what is not named.)
        if (parts[^1].Equals("health", StringComparison.OrdinalIgnoreCase)) return new(NeedKind.Api, Scopes.Control);

        // A list of links is a list of keys to the streams.
        if (parts.Any(p => p.Equals("links", StringComparison.OrdinalIgnoreCase))) return new(NeedKind.Api, Scopes.Control);
        return new(NeedKind.Api, safe || Questions.Contains(parts[^1]) ? Scopes.Read : Scopes.Control);
    }

    private static string? PlayedStream(string first, string[] parts) => first switch
    {
        "whep" or "mse" or "hls" or "embed" when parts.Length > 1 => parts[1],
        "streams" when parts.Length == 3 && parts[2].Equals("snapshot.jpg", StringComparison.OrdinalIgnoreCase) => parts[1],
        _ when parts.Length == 2 && parts[1].EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase) => parts[0],
        _ => null,
    };
}
