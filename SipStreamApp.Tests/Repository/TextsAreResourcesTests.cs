using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SipStreamApp.Resources;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>What people read on the pages comes from the resources, so that it can be translated: nothing is forgotten, nothing is left over.</summary>
public partial class TextsAreResourcesTests
{
    private static readonly string[] Folders = [.. ReadFolders()];

    private static IEnumerable<string> Keys => XDocument.Load(Path.Combine(SourceTree.Root, "SipStreamApp", "Resources", "Texts.resx")).Root!.Elements("data").Select(d => d.Attribute("name")!.Value);

    [Fact]
    public void Resources_AreTheTextsOfTheSources()
    {
        var said = Asked().Select(t => Texts.Name(t.Text)).ToHashSet();
        var (missing, left) = (said.Except(Keys).ToList(), Keys.Except(said).ToList());
        Assert.True(missing.Count + left.Count == 0, $"Run tools/texts.sh: not in Texts.resx: [{string.Join("] [", missing)}]; there, but asked for by no page: [{string.Join("] [", left)}].");
        Assert.True(said.Count > 5, "No texts were found: does tools/texts.sh still name their folders?");
    }

    // The compiler of resources drops the second of two names that differ in their case, with a warning only.
    [Fact]
    public void Resources_AreAllInTheProgram()
    {
        var built = new ResourceManager("SipStreamApp.Resources.Texts", typeof(Texts).Assembly).GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;
        Assert.Equal(Keys.Order(StringComparer.Ordinal), built.Cast<DictionaryEntry>().Select(e => (string)e.Key).Order(StringComparer.Ordinal));
        var alike = Asked().Select(t => Texts.Name(t.Text)).Distinct().GroupBy(t => t, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => string.Join(" | ", g));
        Assert.True(!alike.Any(), "These differ in their case only; write them the same way: " + string.Join(", ", alike));
    }

    // A text that is not on the page where it is asked for, such as a word of the engine that is looked up, is asked for with Texts.L(…).
    [Fact]
    public void Texts_AreLiteralsWithoutEscapes()
    {
        var wrong = from file in Sources()
                    from line in File.ReadLines(file)
                    where NoLiteral().IsMatch(line)
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {line.Trim()}";
        Assert.Empty(wrong);
        Assert.DoesNotContain(Asked(), t => t.Text.Contains('\\', StringComparison.Ordinal));
    }

    [Fact]
    public void Pages_SayNothingBare()
    {
        List<string> bare =
        [
            .. from folder in Folders
               from file in SourceTree.Files(folder, ".razor")
               from text in RazorTexts.Bare(File.ReadAllText(file))
               select $"{Path.GetRelativePath(SourceTree.Root, file)}:{text.Line}: {text.Text}",
        ];
        Assert.True(bare.Count == 0, "Write L(\"…\") around what people read:\n" + string.Join('\n', bare));
    }

    // A column that a style sheet or a script looks for by its label would be lost in another language.
    [Fact]
    public void Styles_ChooseNothingByItsWords() => Assert.Empty(
        from file in SourceTree.Files(Path.Combine("SipStreamApp", "wwwroot"), ".css", ".mjs", ".js")
        from Match match in ByWord().Matches(File.ReadAllText(file))
        select $"{Path.GetFileName(file)}: {match.Value}");

    [Theory]
    [InlineData("<p>Nothing here</p>", "Nothing here")]
    [InlineData("<p>@L(\"Nothing here\")</p>")]
    [InlineData("<i>@(_rate) kbit/s: call_stream1, rtmp://host/app, defaultApp</i><Field Placeholder=\"rtmp://host/app\" />")]
    [InlineData("<p>Viewers: @_list.Count(v => v.Name == \"some one\")</p>", "Viewers:")]
    [InlineData("<td>@Say.Fixed(rate / 1e3) kbit/s, 3 ms</td><title>@L(\"Calls\") — SipStreamApp</title>")]
    [InlineData("<a title=\"Open it\" href=\"/some/where\" class=\"btn primary\" aria-label='Read @name'></a>", "Open it", "Read")]
    [InlineData("<button @onclick=\"() => Do(\"some thing\")\" @oninput='() => _text = \"\"'>Go on</button>", "Go on")]
    [InlineData("<Field Name=\"Name\" Label=\"@L(\"Name\")\" Helper=\"@(_has ? L(\"Kept\") : \"Type it\")\" ValueChanged=\"v => _a = v\" />", "Type it")]
    [InlineData("@* A comment *@\n<code>some code</code><kbd>ctrl</kbd><pre class=\"code\">curl <b>it</b></pre><span class=\"mono\">a file</span>\n<style>p { margin: auto }</style>")]
    [InlineData("@if (_list is { Count: > 0 } list)\n{\n    var look = Look(list, \"some word\");\n    <b>@look.Word</b>\n    // a comment\n}\nelse if (a < b)\n{\n    <i>One @foreach (var x in y) { <u>two</u> @x.Name }</i>\n}\n<p>three</p>", "One", "two", "three")]
    [InlineData("<i>@(_on ? \"Stop it\" : Words(\"some thing\"))@(_kind is \"some\" or \"other\" ? $\"{(_all ? \"Every\" : \"\")} of {_count}\" : \"\")</i>", "Stop it", "Every", "of")]
    [InlineData("<i>@(_state switch { \"live\" => \"Is live\", { Name: \"none\" } => L(\"None\"), _ => \"–\" })</i>", "Is live")]
    [InlineData("@page \"/calls\"\n@using Some.Where\n<p></p>\n@code {\n    private string Text => \"<p>some text</p>\";\n    private char C => '\"';\n}\n<p>behind it</p>", "behind it")]
    public void BareTexts_AreFound(string razor, params string[] texts) => Assert.Equal(texts, RazorTexts.Bare(razor).Select(t => t.Text));

    [Fact]
    public void BareTexts_AreToldWithTheirLine() => Assert.Equal([(3, "Hello there")], RazorTexts.Bare("@* one\n two *@\n<p>Hello there</p>"));

    private static IEnumerable<(string File, string Text)> Asked() =>
        from file in Sources()
        from Match match in Literal().Matches(File.ReadAllText(file))
        select (file, match.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal));

    private static IEnumerable<string> Sources() => Folders.SelectMany(f => SourceTree.Files(f, ".razor", ".cs"));

    // The folders tools/texts.sh reads, from itself.
    private static string[] ReadFolders() => Find().Match(File.ReadAllText(Path.Combine(SourceTree.Root, "tools", "texts.sh"))).Groups[1].Value.Split(' ');

    [GeneratedRegex(@"\[(data-label|aria-label|title|placeholder|alt)[*^$~|]?=[^\]]*\]")]
    private static partial Regex ByWord();

    [GeneratedRegex(@"^find (.+?) -name", RegexOptions.Multiline)]
    private static partial Regex Find();

    [GeneratedRegex("\\bL\\(\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("""(?<![\w.])L\((?!")""")]
    private static partial Regex NoLiteral();
}
