namespace SipStreamApp.Tests.Repository;

/// <summary>Finds where a piece of C# in a page ends, and tells the literals that the page would show as they are.</summary>
/// <param name="s">The source.</param>
/// <param name="say">Told where such a literal stands, and the literal.</param>
internal sealed class CSharpSkipper(string s, Action<int, string> say)
{
    /// <summary>The place behind white space.</summary>
    public int Blank(int i)
    {
        while (i < s.Length && char.IsWhiteSpace(s[i])) i++;
        return Math.Min(i, s.Length - 1);
    }

    /// <summary>The place behind the bracket that closes the one here.</summary>
    /// <param name="i">The opening bracket.</param>
    /// <param name="spoken">What is in it is shown: its literals are told, but not those given to a method or compared with.</param>
    public int Balanced(int i, bool spoken)
    {
        for (i++; i < s.Length && s[i] is not (')' or ']' or '}');)
        {
            if (s[i] is '(' or '[' or '{') i = Balanced(i, spoken && IsShown(i));
            else i = Token(i, spoken);
        }

        return i + 1;
    }

    /// <summary>The place behind one character, literal or comment.</summary>
    public int Token(int i, bool spoken = false)
    {
        if (s[i] == '"') return Literal(i, s[i - 1] == '$', spoken && IsResult(i));
        if (s[i] == '\'') return s.IndexOf('\'', s[i + 1] == '\\' ? i + 3 : i + 2) + 1;
        if (string.CompareOrdinal(s, i, "//", 0, 2) == 0) return s.IndexOf('\n', i);
        return i + 1;
    }

    /// <summary>The place behind the members, calls and indexes that follow a name.</summary>
    public int Rest(int i)
    {
        while (i < s.Length)
        {
            if (s[i] is '(' or '[') i = Balanced(i, spoken: false);
            else if (s[i] == '.' && i + 1 < s.Length && IsName(s[i + 1])) i = Name(i + 1);
            else if (s[i] is '?' or '!' && i + 2 < s.Length && s[i + 1] == '.' && IsName(s[i + 2])) i = Name(i + 2);
            else break;
        }

        return i;
    }

    private int Literal(int i, bool hasHoles, bool spoken)
    {
        if (string.CompareOrdinal(s, i, "\"\"\"", 0, 3) == 0) return s.IndexOf("\"\"\"", i + 3, StringComparison.Ordinal) + 3;
        var from = ++i;
        while (s[i] != '"')
        {
            if (s[i] == '\\' || (hasHoles && s[i] == '{' && s[i + 1] == '{'))
            {
                i += 2;
            }
            else if (hasHoles && s[i] == '{')
            {
                if (spoken) say(from, s[from..i]);
                i = from = Balanced(i, spoken);
            }
            else
            {
                i++;
            }
        }

        if (spoken) say(from, s[from..i]);
        return i + 1;
    }

    // A parenthesis, or the arms of a switch; not the arguments of a call, an index or a pattern.
    private bool IsShown(int i) => s[i] switch
    {
        '(' => !IsName(Before(i)) && Before(i) is not (')' or '>' or ']'),
        '{' => s.AsSpan(0, i).TrimEnd().EndsWith("switch"),
        _ => false,
    };

    // Not what something is compared with, nor the pattern of an arm.
    private bool IsResult(int i)
    {
        var before = s.AsSpan(0, s[i - 1] == '$' ? i - 1 : i).TrimEnd();
        var after = s.AsSpan(Literal(i, s[i - 1] == '$', spoken: false)).TrimStart();
        return !before.EndsWith("==") && !before.EndsWith("!=") && !before.EndsWith(" is") && !before.EndsWith(" or") && !before.EndsWith(" not") && !after.StartsWith("=>") && !after.StartsWith("or ");
    }

    private char Before(int i) => s.AsSpan(0, i).TrimEnd() is { Length: > 0 } text ? text[^1] : '\0';

    private int Name(int i)
    {
        while (i < s.Length && IsName(s[i])) i++;
        return i;
    }

    private static bool IsName(char c) => char.IsLetterOrDigit(c) || c == '_';
}
