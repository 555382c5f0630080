using System.Text.RegularExpressions;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>A page nobody can find is not documentation, and neither is a link that leads nowhere.</summary>
public partial class DocsAreLinkedTests
{
    private static readonly string Docs = Path.Combine(SourceTree.Root, "docs");

    private static IEnumerable<string> Pages =>
        Directory.EnumerateFiles(SourceTree.Root, "*.md").Concat(Directory.EnumerateFiles(Docs, "*.md", SearchOption.AllDirectories));

    [Fact]
    public void RelativeLinks_LeadToFiles()
    {
        var broken = from page in Pages
                     from target in TargetsOf(page)
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{Path.GetRelativePath(SourceTree.Root, page)}: {Path.GetRelativePath(SourceTree.Root, target)}";
        Assert.Empty(broken);
    }

    [Fact]
    public void EveryPage_IsInTheIndexOrTheReadme()
    {
        string[] entrances = [Path.Combine(SourceTree.Root, "README.md"), Path.Combine(Docs, "README.md")];
        var linked = entrances.SelectMany(TargetsOf).ToHashSet();
        Assert.Contains(entrances[1], TargetsOf(entrances[0]));
        Assert.Empty(Directory.EnumerateFiles(Docs, "*.md", SearchOption.AllDirectories)
            .Where(p => p != entrances[1] && !linked.Contains(p)).Select(p => Path.GetRelativePath(SourceTree.Root, p)));
    }

    private static IEnumerable<string> TargetsOf(string page) =>
        from Match link in Link().Matches(File.ReadAllText(page))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        select Path.GetFullPath(target, Path.GetDirectoryName(page)!);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
