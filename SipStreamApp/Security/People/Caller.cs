namespace SipStreamApp.Security.People;

/// <summary>How somebody proved who he is.</summary>
internal enum CallerKind
{
    /// <summary>Not at all.</summary>
    Nobody,

    /// <summary>Signed in on the pages.</summary>
    User,

    /// <summary>By an API key.</summary>
    Key,

    /// <summary>By a signed link, for one stream.</summary>
    Link,
}

/// <summary>Who a request or an action on a page comes from.</summary>
/// <param name="Kind">How it was proved.</param>
/// <param name="Name">User name, name of the key, id of the link; "anonymous" for nobody.</param>
/// <param name="Scopes">What is allowed.</param>
/// <param name="Address">Where it comes from, without the port.</param>
internal sealed record Caller(CallerKind Kind, string Name, Scopes Scopes, string Address)
{
    private static readonly AsyncLocal<Caller?> OfThisFlow = new();
    private static readonly object Key = new();

    /// <summary>Who acts on a page at the moment; null outside of a page's events.</summary>
    public static Caller? Acting { get => OfThisFlow.Value; set => OfThisFlow.Value = value; }

    /// <summary>Which user or key of that kind: names of keys are not unique. Empty where it does not matter.</summary>
    public string Id { get; init; } = "";

    /// <summary>The stamp of a user's cookie; empty elsewhere.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>Whose calls these are, for the limits of each (Limits:CallsPerKey); null where people are not told apart. Names of users are unique, those of keys are not.</summary>
    public string? Owner => Kind switch
    {
        CallerKind.User => $"User:{Name}",
        CallerKind.Key => $"Key:{Id}",
        _ => null,
    };

    public bool May(Scopes scope) => (Scopes & scope) == scope;

    /// <summary>Nobody known, from that address.</summary>
    public static Caller Nobody(string address, Scopes scopes = People.Scopes.None) => new(CallerKind.Nobody, "anonymous", scopes, address);

    /// <summary>Who sent a request, as the gate found out.</summary>
    public static Caller Of(HttpContext http) => http.Items[Key] as Caller ?? Nobody(AddressOf(http));

    public static void Set(HttpContext http, Caller caller) => http.Items[Key] = caller;

    public static string AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : "";
}
