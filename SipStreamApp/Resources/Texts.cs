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

    /// <summary>A text in the language of the page.</summary>
    /// <param name="english">The text; a literal, so that tools/texts.sh finds it.</param>
    public static string L(string english) => Resources.GetString(english, CultureInfo.CurrentUICulture) ?? english;

    /// <summary>A text with places {0}, {1} … for values, written as they are everywhere: numbers with a point.</summary>
    public static string L(string english, params object?[] values) => string.Format(CultureInfo.InvariantCulture, L(english), values);
}
