using MudBlazor;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Layout;

/// <summary>A page one can go to from anywhere: in the rail, on the phone's bar, in the palette, by keys.</summary>
/// <param name="Href">Its address.</param>
/// <param name="Text">Its name.</param>
/// <param name="Icon">Its picture.</param>
/// <param name="Chord">The key after <c>g</c>; null: none.</param>
/// <param name="Words">Other words people look for it by.</param>
internal sealed record NavPage(string Href, string Text, string Icon, char? Chord, string Words = "")
{
    /// <summary>The right it needs.</summary>
    public Scopes Needs => AccessRules.Of(HttpMethods.Get, Href, webSocket: false).Scope;

    /// <summary>Stands on the phone's bar itself; the rest is behind "More".</summary>
    public bool OnPhoneBar { get; init; }
}

/// <summary>All pages, in the order of the rail. A new page is entered here and nowhere else.</summary>
internal static class NavPages
{
    public static IReadOnlyList<NavPage> All =>
    [
        new("/", L("Dashboard"), Icons.Material.Outlined.Dashboard, 'd', L("home start try")) { OnPhoneBar = true },
        new("/calls", L("Calls"), Icons.Material.Outlined.Call, 'c', L("active hang up")) { OnPhoneBar = true },
        new("/streams", L("Streams"), Icons.Material.Outlined.Sensors, 's', L("links viewers kick embed")) { OnPhoneBar = true },
        new("/player", L("Player"), Icons.Material.Outlined.PlayCircle, 'p', L("play watch whep mse hls")),
        new("/history", L("History"), Icons.Material.Outlined.History, 'h', L("past calls cdr csv")),
        new("/recordings", L("Recordings"), Icons.Material.Outlined.VideoLibrary, 'r', L("mp4 download")),
        new("/push", L("Push"), Icons.Material.Outlined.Podcasts, 'u', L("rtmp republish targets")),
        new("/accounts", L("Accounts"), Icons.Material.Outlined.Badge, 'a', L("sip identity register password")),
        new("/api", L("API explorer"), Icons.Material.Outlined.Api, 'e', L("rest client curl request send openapi")),
        new("/health", L("Health"), Icons.Material.Outlined.MonitorHeart, 'k', L("checks disk ports ffmpeg report support")),
        new("/settings", L("Settings"), Icons.Material.Outlined.Settings, 't', L("webhook deliveries options appsettings theme version about")),
        new("/settings/users", L("Users & keys"), Icons.Material.Outlined.AdminPanelSettings, null, L("login roles api keys audit")),
    ];

    /// <summary>Those a person may open.</summary>
    public static IReadOnlyList<NavPage> For(PageRights rights) => [.. All.Where(p => rights.May(p.Needs))];

    /// <summary>The reference of the REST interface: outside the pages, in a tab of its own.</summary>
    public static NavPage Docs => new("/api-docs", L("REST docs"), Icons.Material.Outlined.DataObject, null);

    /// <summary>The page an address (without its first slash) belongs to, itself or as a detail of it; null: none.</summary>
    public static NavPage? Of(string address)
    {
        var path = "/" + address.Split('?', '#')[0].TrimEnd('/');
        return All.Where(p => path == p.Href || (p.Href != "/" && path.StartsWith(p.Href + "/", StringComparison.Ordinal))).MaxBy(p => p.Href.Length);
    }
}
