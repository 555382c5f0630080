using System.Globalization;
using System.Resources;

namespace SipStreamApp.Resources;

/// <summary>
/// What people read on the pages, in their language. The English text is its own key, so that a page can be read where it is written; Texts.resx lists
/// them all (tools/texts.sh writes it), a translation is a Texts.de.resx beside it. What one does not have stays English.
/// </summary>
public static class Texts
{
    private static readonly ResourceManager Resources = new("SipStreamApp.Resources.Texts", typeof(Texts).Assembly);

    /// <summary>The languages there are: English, and each whose translation lies beside the program.</summary>
    public static IReadOnlyList<CultureInfo> Languages { get; } =
    [
        CultureInfo.GetCultureInfo("en"),
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "SipStreamApp.resources.dll", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(f => CultureInfo.GetCultureInfo(Path.GetFileName(Path.GetDirectoryName(f)!))),
    ];

    /// <summary>The language of the page, as HTML wants it.</summary>
    public static string Language => CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : "en";

    /// <summary>A text in the language of the page.</summary>
    /// <param name="english">The text; a literal, so that tools/texts.sh finds it.</param>
    public static string L(string english) => Resources.GetString(Name(english), CultureInfo.CurrentUICulture) ?? english;

    /// <summary>A text with places {0}, {1} … for values, written as they are everywhere: numbers with a point.</summary>
    public static string L(string english, params object?[] values) => string.Format(CultureInfo.InvariantCulture, L(english), values);

    /// <summary>
    /// The name of a text in the resources. Names there must differ in more than their case, and "Failed", "failed" and "FAILED" are three texts: one that
    /// begins small has a _ before it, one without a small letter two.
    /// </summary>
    public static string Name(string english) => english switch
    {
        _ when !english.Any(char.IsLower) => "__" + english,
        _ when char.IsLower(english[0]) => "_" + english,
        _ => english,
    };
}
