using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using SipStreamApp.Components.Shared;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>A run as text for a support ticket: what, how, cause, what to do; names of accounts, folders and passwords in addresses are masked.</summary>
internal static partial class HealthText
{
    /// <summary>Writes the report.</summary>
    /// <param name="run">What was found.</param>
    /// <param name="masked">Words that must not be in it: logins and names of accounts, the data folder.</param>
    public static string Of(HealthRun run, IEnumerable<string> masked)
    {
        var text = new StringBuilder();
        var version = typeof(HealthText).Assembly.GetName().Version?.ToString(3);
        text.Append(CultureInfo.InvariantCulture, $"SipStreamApp {version} health, {run.StartedAt.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}\n");
        text.Append(CultureInfo.InvariantCulture, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Say.CountInEnglish(Environment.ProcessorCount, "core")}\n\n");
        foreach (var outcome in run.Outcomes)
        {
            var result = outcome.Result;
            text.Append(CultureInfo.InvariantCulture, $"[{Word(result.Verdict),-7}] {outcome.Title}: {result.Figure} ({Say.Milliseconds(outcome.Took)})\n");
            if (result.Cause is not null) text.Append("          ").Append(result.Cause).Append('\n');
            if (result.Advice is not null) text.Append("          Do: ").Append(result.Advice).Append('\n');
        }

        var report = Credentials().Replace(text.ToString(), "$1…@");
        foreach (var word in masked.Where(w => w.Length > 1).OrderByDescending(w => w.Length)) report = report.Replace(word, $"{word[0]}…", StringComparison.OrdinalIgnoreCase);
        return report;
    }

    /// <summary>The verdict as a word.</summary>
    public static string Word(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Good => "good", CheckVerdict.Note => "note", CheckVerdict.Warning => "warning", _ => "failed",
    };

    [GeneratedRegex("([a-z][a-z0-9+.-]*://|sips?:)[^\\s/@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
