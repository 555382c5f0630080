using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>Calls that come in for an identity are answered at once, without anybody being asked, and become streams. Pure.</summary>
public sealed partial record AnswerRule
{
    /// <summary>The stream that is named after the identity: its players keep one address for ever.</summary>
    public const string DefaultStream = "{login}";

    /// <summary>
    /// Name of the stream: letters, digits, dots, underscores and hyphens, with <see cref="Variables"/> in braces. While a stream has the name,
    /// another caller is told that the line is busy (486).
    /// </summary>
    public string Stream { get; init; } = DefaultStream;

    /// <summary>Patterns of callers who are answered (the part before the @, with * and ?), separated by commas; empty: everybody.</summary>
    public string Callers { get; init; } = "";

    /// <summary>What may stand in <see cref="Stream"/>, each in braces.</summary>
    public static ImmutableArray<string> Variables { get; } = ["login", "caller", "callId"];

    /// <summary>What is wrong with the name of the stream, or null.</summary>
    public static string? Check(string stream)
    {
        foreach (Match match in Variable().Matches(stream))
            if (!Variables.Contains(match.Groups[1].Value)) return $"{match.Value} is none of {string.Join(", ", Variables.Select(v => $"{{{v}}}"))}";

        return StreamName.TryParse(Variable().Replace(stream, "x"), out _) ? null : $"Letters, digits, dots, underscores and hyphens, {StreamName.MaxLength} at most";
    }

    /// <summary>The name as far as it is known before anybody has called.</summary>
    public string NameFor(string login) => Variable().Replace(Stream, m => m.Groups[1].Value == "login" ? Clean(login) : m.Value);

    /// <summary>True where that caller is answered.</summary>
    internal bool Takes(string caller)
    {
        var patterns = Callers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return patterns.Length == 0 || Array.Exists(patterns, p => FileSystemName.MatchesSimpleExpression(p, caller));
    }

    /// <summary>The stream of one call. Whoever calls chooses the text of a caller: what no stream name may hold becomes a hyphen, what is too long is cut.</summary>
    internal StreamName? NameOf(string login, string caller, CallId call)
    {
        var text = Variable().Replace(NameFor(login), m => Clean(m.Groups[1].Value == "caller" ? caller : call.Value));
        return StreamName.TryParse(text[..Math.Min(text.Length, StreamName.MaxLength)], out var name) ? name : null;
    }

    // "+49301234" is a name of its own; the plus is no loss.
    private static string Clean(string value)
    {
        var clean = new StringBuilder(value.Length);
        foreach (var c in value.TrimStart('+')) clean.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-');
        return clean.ToString();
    }

    [GeneratedRegex(@"\{(\w*)\}")]
    private static partial Regex Variable();
}
