using System.Diagnostics;
using System.Globalization;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>The product and sipp end with this program, also where it is ended from outside (Ctrl-C, SIGTERM).</summary>
internal static class Children
{
    public static void EndWithThis() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
            foreach (var child in File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)) Kill(int.Parse(child, CultureInfo.InvariantCulture));
    };

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has ended by itself in the meantime.
        }
    }
}
