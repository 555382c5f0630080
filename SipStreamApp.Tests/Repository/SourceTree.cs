namespace SipStreamApp.Tests.Repository;

/// <summary>Finds the repository the running tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Source files git would know: nothing under bin, obj or other generated folders.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(f => endings.Any(f.EndsWith))
            .Where(f => !Path.GetRelativePath(Root, f).Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj" or "node_modules" or ".inner"));

    private static string FindRoot()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
        {
            if (File.Exists(Path.Combine(dir.FullName, "SipStreamApp.sln"))) return dir.FullName;
        }

        throw new InvalidOperationException("SipStreamApp.sln was not found above " + AppContext.BaseDirectory);
    }
}
