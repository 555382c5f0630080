using System.Text.RegularExpressions;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>Examples are copied as they stand: none may carry a key or a password that could be somebody's.</summary>
public partial class NoSecretsInExamplesTests
{
    private static readonly string[] Placeholders = ["", "secret", "password", "your-password", "…"];

    [Fact]
    public void Examples_HoldOnlyPlaceholders()
    {
        var files = Directory.EnumerateFiles(SourceTree.Root, "*.md").Concat(Directory.EnumerateFiles(SourceTree.Root, "appsettings*.json"))
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "*.sh")).Concat(SourceTree.Files("docs", ".md")).Concat(SourceTree.Files("tools", "")).ToArray();
        var found = from file in files
                    let text = File.ReadAllText(file)
                    from Match match in Secret().Matches(text)
                    where match.Groups[1].Success ? !Placeholders.Contains(match.Groups[1].Value) : true
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {match.Value}";
        Assert.NotEmpty(files);
        Assert.Empty(found);
    }

    [GeneratedRegex(@"(?i)(?:password|secret|token|apikey)""?\s*[:=]\s*""([^""]*)""|-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex Secret();
}
