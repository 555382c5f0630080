using System.Globalization;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Numbers on the command line.</summary>
internal static class Options
{
    public static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
