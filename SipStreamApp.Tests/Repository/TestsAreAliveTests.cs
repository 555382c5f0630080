using System.Text.RegularExpressions;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>A test that is switched off, or that cannot fail, only looks like one.</summary>
public partial class TestsAreAliveTests
{
    [Fact]
    public void Tests_AreNotSwitchedOffAndCanFail()
    {
        // What the machine cannot do (Assert.SkipUnless) is told by test.sh, which then does not pass.
        var dead = from file in SourceTree.Files("SipStreamApp.Tests", ".cs")
                   where Path.GetFileName(file) != "TestsAreAliveTests.cs"
                   from Match match in Dead().Matches(File.ReadAllText(file))
                   select $"{Path.GetRelativePath(SourceTree.Root, file)}: {match.Value}";
        Assert.Empty(dead);
    }

    [Fact]
    public void Source_LeavesNothingForLater()
    {
        string[] folders = ["SipStreamApp", "SipStreamApp.Media", "SipStreamApp.Tests", "SipStreamApp.Benchmarks", "wwwroot-player"];
        var later = from folder in folders
                    from file in SourceTree.Files(folder, ".cs", ".razor", ".mjs")
                    where Path.GetFileName(file) != "TestsAreAliveTests.cs"
                    from Match match in Later().Matches(File.ReadAllText(file))
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {match.Value}";
        Assert.Empty(later);
    }

    [GeneratedRegex(@"\bSkip\s*=\s*""|\bExplicit\s*=\s*true|Assert\.Skip\(|Assert\.True\(true\b|Assert\.False\(false\b|Assert\.Equal\((\w+), \1\)|#if false")]
    private static partial Regex Dead();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b|catch(\s*\([^)]*\))?(\s*when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex Later();
}
