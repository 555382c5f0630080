namespace SipStreamApp.Media.Processes;

/// <summary>Finds a program of the system without running it.</summary>
internal static class ProgramFinder
{
    /// <summary>The full path of a program given by name (looked for in PATH) or by path; null where it is not there.</summary>
    public static string? Find(string program)
    {
        if (program.Length == 0) return null;
        if (program.Contains(Path.DirectorySeparatorChar) || program.Contains(Path.AltDirectorySeparatorChar)) return File.Exists(program) ? Path.GetFullPath(program) : null;
        var names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? new[] { program + ".exe", program } : [program];
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var name in names)
            {
                var path = Path.Combine(folder.Trim('"'), name);
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }
}
