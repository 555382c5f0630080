using SipStreamApp.Data;
using SipStreamApp.Live;

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
/// <param name="Group">What it is: Page, Call, Stream, Account, Action.</param>
/// <param name="Text">Its name.</param>
/// <param name="Hint">Keys or a word about it.</param>
/// <param name="Href">Where it leads; null: <paramref name="Act"/> happens.</param>
/// <param name="Act">What happens.</param>
/// <param name="Argument">To what.</param>
/// <param name="Words">Other words it is found by.</param>
internal sealed record PaletteItem(string Group, string Text, string Hint, string? Href, PaletteAct Act = PaletteAct.None, string? Argument = null, string Words = "")
{
    private const int Most = 12;

    /// <summary>Names the choice among all others.</summary>
    public string Key => $"{Group}|{Href}|{Act}|{Argument}";

    public static IReadOnlyList<PaletteItem> Of(IReadOnlyList<NavPage> pages) =>
        [.. pages.Select(p => new PaletteItem("Page", p.Text, p.Chord is { } key ? $"g {key}" : "", p.Href, Words: p.Words))];

    public static IReadOnlyList<PaletteItem> Of(LiveSnapshot live) =>
    [
        new("Action", "New call", "n", "/calls/new"),
        new("Action", "Try it: place a test call", "t", null, PaletteAct.TryIt, Words: "demo"),
        // Before the pages: they alone would fill the list of an empty search, and what is up is what one came for.
        .. live.Calls.Where(c => !c.IsEnded).Select(c => new PaletteItem("Action", $"Hang up {c.Caller} → {c.Callee}", c.StreamName.Value, null, PaletteAct.HangUp, c.Id.Value)),
        .. Of(NavPages.All),
        .. live.Calls.Where(c => !c.IsEnded).Select(c => new PaletteItem("Call", $"{c.Caller} → {c.Callee}", c.StreamName.Value, $"/calls/{Uri.EscapeDataString(c.Id.Value)}", Words: c.Id.Value)),
        .. live.Streams.Select(s => new PaletteItem("Stream", s.Name.Value, "", $"/streams/{s.Name}", Words: "play watch links")),
        new("Action", "Switch the theme", "", null, PaletteAct.Theme, Words: "dark light system"),
        new("Action", "Keyboard shortcuts", "?", null, PaletteAct.Help, Words: "help keys"),
    ];

    public static IReadOnlyList<PaletteItem> Of(IReadOnlyList<AccountView> accounts) =>
        [.. accounts.Select(a => new PaletteItem("Account", $"Call from {a.Name}", $"{a.Login}@{a.Domain}", $"/calls/new?account={a.Id}"))];

    /// <summary>Those that hold every word of <paramref name="text"/>; first those whose name begins with it.</summary>
    public static IReadOnlyList<PaletteItem> Find(IReadOnlyList<PaletteItem> items, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. items.Where(i => words.All(i.Holds)).OrderBy(i => i.Rank(words)).Take(Most)];
    }

    private bool Holds(string word) => $"{Group} {Text} {Hint} {Words}".Contains(word, StringComparison.OrdinalIgnoreCase);

    private int Rank(string[] words) => words.Length == 0 || Text.StartsWith(words[0], StringComparison.OrdinalIgnoreCase) ? 0
        : Text.Contains(" " + words[0], StringComparison.OrdinalIgnoreCase) ? 1 : 2;
}
