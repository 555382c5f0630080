using System.Globalization;
using Xunit;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Tests.Web.Components;

/// <summary>Texts of the pages, in a language that has a translation or none.</summary>
public class TextsTests
{
    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-EG")]
    [InlineData("xx-YY")]
    public void Values_AreWrittenWithAPointInEveryLanguage(string language) => In(language, () =>
    {
        Assert.Equal("1234.5 of 7 at 0.25", L("{0} of {1} at {2}", 1234.5, 7, 0.25m));
        Assert.Equal("7 {0}", L("{1} {0}", "{0}", 7));
    });

    [Theory]
    [InlineData("en")]
    [InlineData("xx-YY")]
    public void TextWithoutTranslation_StaysEnglish(string language) => In(language, () =>
    {
        Assert.Equal("Go to the start", L("Go to the start"));
        Assert.Equal("No page says {this}", L("No page says {this}"));
        Assert.Equal("", L(""));
    });

    [Fact]
    public void Names_DifferInMoreThanTheirCase()
    {
        Assert.Equal(["Failed", "_failed", "__FAILED", "● {0} live", "__"], new[] { "Failed", "failed", "FAILED", "● {0} live", "" }.Select(Name));
        Assert.Equal("dark", L("dark"));
    }

    private static void In(string language, Action check)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo(language);
            check();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }
}
