using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Components;

namespace SipStreamApp.Components.Layout;

/// <summary>Where a link to a page stands.</summary>
internal enum NavPlace
{
    /// <summary>In the list of the rail.</summary>
    Rail,

    /// <summary>Below it.</summary>
    Foot,

    /// <summary>On the phone's bar.</summary>
    Bar,

    /// <summary>In the sheet of what the bar has no room for.</summary>
    Sheet,
}

/// <summary>
/// Links to pages as plain markup, the same text for everybody: written as elements, those of the rail, the phone's bar and its sheet
/// cost every open page 15 kB of the server's memory.
/// </summary>
internal static class NavLink
{
    private static readonly ConcurrentDictionary<(string Href, string Text, NavPlace Place, bool IsHere), MarkupString> Made = new();

    /// <param name="page">Where it leads.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="isHere">It is the page that is shown.</param>
    public static MarkupString Of(NavPage page, NavPlace place, bool isHere = false) =>
        Made.GetOrAdd((page.Href, page.Text, place, isHere), static (key, page) => new(Make(page, key.Place, key.IsHere)), page);

    private static string Make(NavPage page, NavPlace place, bool isHere)
    {
        var text = WebUtility.HtmlEncode(page.Text);
        var title = place is NavPlace.Rail or NavPlace.Foot ? $" title=\"{text}{(page.Chord is { } key ? $" (g {key})" : "")}\"" : "";
        var chord = place is NavPlace.Rail && page.Chord is { } letter ? $" data-chord=\"{letter}\"" : "";
        var here = isHere ? " aria-current=\"page\"" : "";
        var apart = page.Href == NavPages.Docs.Href ? " target=\"_blank\" rel=\"noopener\"" : place is NavPlace.Sheet ? " data-close" : "";
        var link = $"<a class=\"nav-item{(isHere ? " active" : "")}\" href=\"{page.Href}\"{here}{title}{chord}{apart}>{Glyph.Of(page.Icon)}<span>{text}</span></a>";
        return place is NavPlace.Rail or NavPlace.Sheet ? $"<li>{link}</li>" : link;
    }
}
