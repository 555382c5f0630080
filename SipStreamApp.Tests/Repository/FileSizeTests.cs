using Xunit;

namespace SipStreamApp.Tests.Repository;

public class FileSizeTests
{
    [Fact]
    public void SourceFiles_StaySmall()
    {
        string[] folders = ["SipStreamApp", "SipStreamApp.Media", "SipStreamApp.Tests", "SipStreamApp.Benchmarks", "wwwroot-player"];
        var sizes = folders
            .SelectMany(f => SourceTree.Files(f, ".cs", ".razor", ".css", ".js", ".mjs"))
            .Where(f => !f.Contains("Migrations", StringComparison.Ordinal))
            .Select(f => (File: Path.GetRelativePath(SourceTree.Root, f), Lines: File.ReadLines(f).Count()))
            .OrderBy(f => f.Lines)
            .ToArray();
        Assert.DoesNotContain(sizes, f => f.Lines > 500);
        Assert.InRange(sizes[sizes.Length * 9 / 10].Lines, 0, 300);
        Assert.InRange(sizes[sizes.Length / 2].Lines, 0, 90);
    }
}
