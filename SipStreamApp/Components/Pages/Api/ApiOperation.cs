using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>Where a field of a request stands.</summary>
internal enum ApiPlace
{
    Path,
    Query,
    Body,
}

/// <summary>What a field holds.</summary>
internal enum ApiKind
{
    Text,
    Number,
    Flag,
    List,

    /// <summary>Any JSON.</summary>
    Any,
}

/// <summary>One field of a request.</summary>
/// <param name="Name">Its name; of a field inside an object "config.rotation".</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsRequired">Without it the request is refused.</param>
/// <param name="Description">A word about it.</param>
internal sealed record ApiField(string Name, ApiPlace Place, ApiKind Kind, bool IsRequired, string? Description)
{
    private static readonly Dictionary<string, string> Secrets = new() { ["sipPassword"] = "SIP_PASSWORD" };

    /// <summary>What stands for it in texts; null where it is no secret.</summary>
    public string? Secret => Secrets.GetValueOrDefault(Name);
}

/// <summary>One method of the REST interface.</summary>
/// <param name="Tag">Group it belongs to: Call, Stream, Push …</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with {parameters}.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Description">More about it.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="ContentType">Content type of its body; null: it has none.</param>
internal sealed record ApiOperation(string Tag, string Method, string Path, string Summary, string? Description, IReadOnlyList<ApiField> Fields, string? ContentType)
{
    private const string Base = "/rest-api/";
    private const string NewerBase = "/rest-api/v3/";

    /// <summary>Names it in links: <c>post-rest-api-call-terminate</c>.</summary>
    public string Id { get; } = Method.ToLowerInvariant() + "-" + string.Join('-', Path
        .Split(['/', '{', '}', '.'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>Its path without what all have in common, for lists.</summary>
    public string ShortPath => Path.StartsWith(Base, StringComparison.Ordinal) ? Path[(Base.Length - 1)..] : Path;

    /// <summary>True where the body is a form.</summary>
    public bool HasJson => ContentType == "application/json";

    /// <summary>The same method under the newer base; null where there is none.</summary>
    public string? NewerPath { get; init; }

    /// <summary>What it ends or takes away, as a question; null where nothing is lost by it.</summary>
    public string? Danger => (Method, Path) switch
    {
        (_, Base + "call/terminate") => L("This hangs up the call."),
        (_, Base + "stream/terminate") => L("This ends streams and hangs up their calls; with no field filled in, all of them."),
        (_, Base + "push/terminate") => L("This ends the push."),
        (_, Base + "connection/terminate") => L("This closes the client's session, with all it plays and publishes."),
        (_, Base + "recorder/terminate" or Base + "stream/stopRecording") => L("This ends the recording."),
        ("POST", _) when Path.EndsWith("/admin/drain", StringComparison.Ordinal) => L("From then on the server refuses new calls."),
        ("DELETE", "/recordings/{id}") => L("This deletes the recording for good."),
        ("DELETE", _) when Path.StartsWith(Base + "v2/links", StringComparison.Ordinal) => L("This takes the link back; who watches by it stops."),
        ("DELETE", _) when Path.StartsWith("/wh", StringComparison.Ordinal) => L("This ends the browser's session."),
        _ => null,
    };

    /// <summary>The path under the newer base, if any of <paramref name="routes"/> is that.</summary>
    public static string? Newer(string path, IReadOnlySet<string> routes) =>
        path.StartsWith(Base, StringComparison.Ordinal) && routes.Contains(NewerBase + path[Base.Length..]) ? NewerBase + path[Base.Length..] : null;
}
