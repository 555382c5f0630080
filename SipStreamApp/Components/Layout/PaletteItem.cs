using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Components;
using SipStreamApp.Data;
using SipStreamApp.Live;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Layout;

/// <summary>What a choice in the palette does where it does not lead to a page.</summary>
internal enum PaletteAct
{
    None,
    TryIt,
    HangUp,
    Theme,
    Help,
}

/// <summary>One choice in the palette.</summary>
/// <param name="Group">What it is, in a word: a page, a call, a stream, an account, an action.</param>
/// <param name="Text">Its name.</param>
/// <param name="Hint">Keys or a word about it.</param>
/// <param name="Href">Where it leads; null: <paramref name="Act"/> happens.</param>
/// <param name="Act">What happens.</param>
/// <param name="Argument">To what.</param>
/// <param name="Words">Other words it is found by.</param>
internal sealed record PaletteItem(string Group, string Text, string Hint, string? Href, PaletteAct Act = PaletteAct.None, string? Argument = null, string Words = "")
{
    private const int Most = 12;
    private static readonly ConcurrentDictionary<(int Index, string? Href, string Text), MarkupString> Pages = new();

    /// <summary>Leads to a page: in the list of everybody.</summary>
    public bool IsPage { get; private init; }

    /// <summary>Names the choice among all others.</summary>
    public string Key => $"{Group}|{Href}|{Act}|{Argument}";

    public static IReadOnlyList<PaletteItem> Of(IReadOnlyList<NavPage> pages) =>
        [.. pages.Select(p => new PaletteItem(L("Page"), p.Text, p.Chord is { } key ? $"g {key}" : "", p.Href, Words: p.Words) { IsPage = true })];

    /// <summary>What there is now, for who may only look without what calls and hangs up.</summary>
    public static IReadOnlyList<PaletteItem> Of(LiveSnapshot live, IReadOnlyList<NavPage> pages, bool mayCall) =>
    [
        .. mayCall ? Calling(live) : [],
        .. Of(pages),
        .. live.Calls.Where(c => !c.IsEnded).Select(c => new PaletteItem(L("Call"), $"{c.Caller} → {c.Callee}", c.StreamName.Value, $"/calls/{Uri.EscapeDataString(c.Id.Value)}", Words: c.Id.Value)),
        .. live.Streams.Select(s => new PaletteItem(L("Stream"), s.Name.Value, "", $"/streams/{s.Name}", Words: L("play watch links"))),
        new(L("Action"), L("Switch the theme"), "", null, PaletteAct.Theme, Words: L("dark light system")),
        new(L("Action"), L("Keyboard shortcuts"), "?", null, PaletteAct.Help, Words: L("help keys")),
    ];

    private static IReadOnlyList<PaletteItem> Calling(LiveSnapshot live) =>
    [
        new(L("Action"), L("New call"), "n", "/calls/new"),
        new(L("Action"), L("Try it: place a test call"), "t", null, PaletteAct.TryIt, Words: L("demo")),
        // Before the pages: they alone would fill the list of an empty search, and what is up is what one came for.
        .. live.Calls.Where(c => !c.IsEnded).Select(c => new PaletteItem(L("Action"), L("Hang up {0} → {1}", c.Caller, c.Callee), c.StreamName.Value, null, PaletteAct.HangUp, c.Id.Value)),
    ];

    public static IReadOnlyList<PaletteItem> Of(IReadOnlyList<AccountView> accounts) =>
        [.. accounts.Select(a => new PaletteItem(L("Account"), L("Call from {0}", a.Name), $"{a.Login}@{a.Domain}", $"/calls/new?account={a.Id}"))];

    /// <summary>Those that hold every word of <paramref name="text"/>; first those whose name begins with it.</summary>
    public static IReadOnlyList<PaletteItem> Find(IReadOnlyList<PaletteItem> items, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. items.Where(i => words.All(i.Holds)).OrderBy(i => i.Rank(words)).Take(Most)];
    }

    /// <summary>A choice that leads somewhere, as plain markup; those of pages are the same text for all circuits, which hold them even while nobody searches.</summary>
    public MarkupString Link(int index) => IsPage ? Pages.GetOrAdd((index, Href, Text), static (key, item) => item.Make(key.Index), this) : Make(index);

    private MarkupString Make(int index) => new(
        $"""<a role="option" id="palette-{index}" aria-selected="false" href="{WebUtility.HtmlEncode(Href)}" tabindex="-1" data-close><span class="group">{WebUtility.HtmlEncode(Group)}</span><span>{WebUtility.HtmlEncode(Text)}</span><span class="muted end">{WebUtility.HtmlEncode(Hint)}</span></a>""");

    private bool Holds(string word) => $"{Group} {Text} {Hint} {Words}".Contains(word, StringComparison.OrdinalIgnoreCase);

    private int Rank(string[] words) => words.Length == 0 || Text.StartsWith(words[0], StringComparison.OrdinalIgnoreCase) ? 0
        : Text.Contains(" " + words[0], StringComparison.OrdinalIgnoreCase) ? 1 : 2;
}
