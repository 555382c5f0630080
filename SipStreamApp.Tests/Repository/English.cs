using System.Text.RegularExpressions;

namespace SipStreamApp.Tests.Repository;

/// <summary>Tells a text for people from names and units, which are the same in every language.</summary>
internal static partial class English
{
    private static readonly HashSet<string> Same = ["SipStreamApp", "cURL", "kbit", "kB", "ms", "fps", "px", "iframe", "WebRTC", "WebSocket", "JavaScript", "Ctrl", "Enter", "Shift", "Esc"];

    /// <summary>Has a word of two or more lower-case letters in a row that is no name, unit, address or file.</summary>
    public static bool Is(string text) => Word().Matches(Address().Replace(text, " ")).Any(w => Lower().IsMatch(w.Value) && !Same.Contains(w.Value));

    // Addresses, files, and names that programs give: call_stream1, defaultApp.
    [GeneratedRegex(@"\w+://\S+|\S+@\S+|\b[\w-]+(\.[\w-]+)*\.(json|org|com|sh|md|cs|js|mjs)\b|\b\w*_\w+|\b[a-z]+[A-Z]\w*")]
    private static partial Regex Address();

    [GeneratedRegex(@"[\p{L}]+")]
    private static partial Regex Word();

    [GeneratedRegex("[a-z]{2}")]
    private static partial Regex Lower();
}
