using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace SipStreamApp.Components.Layout;

/// <summary>Icons as plain markup, the same text for all pages: a component for each would cost every open page 3 kB of the server's memory.</summary>
internal static class Glyph
{
    private static readonly ConcurrentDictionary<(string Icon, string Css), MarkupString> Made = new();

    /// <param name="icon">Inside of the svg, 24x24: one of <see cref="MudBlazor.Icons"/>.</param>
    /// <param name="css">Further classes: small (20 px).</param>
    public static MarkupString Of(string icon, string css = "") => Made.GetOrAdd(
        (icon, css), static key => new($"""<svg class="glyph {key.Css}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{key.Icon}</svg>"""));
}
