using System.Net;

namespace SipStreamApp.Tests.Repository;

/// <summary>Finds what a .razor file says to people without asking the resources: bare text between tags, in attributes people read, and bare literals of <c>@(…)</c> there.</summary>
internal sealed class RazorTexts
{
    private static readonly HashSet<string> Spoken = ["aria-label", "data-label", "title", "placeholder", "alt", "Label", "Helper", "Placeholder", "Title", "Advice", "Text"];
    private static readonly HashSet<string> Void = ["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    private static readonly HashSet<string> Quiet = ["code", "pre", "kbd", "script", "style"];
    private static readonly HashSet<string> Controls = ["if", "foreach", "for", "while", "switch", "using", "lock", "do", "try"];
    private static readonly HashSet<string> Directives =
        ["page", "using", "inherits", "inject", "layout", "typeparam", "implements", "attribute", "rendermode", "namespace", "preservewhitespace"];

    private readonly List<(int Line, string Text)> _found = [];
    private readonly CSharpSkipper _code;
    private readonly string _s;
    private int _i;
    private int _quiet;

    private RazorTexts(string source)
    {
        _s = source;
        _code = new CSharpSkipper(source, (at, text) => Say(text, at));
    }

    /// <summary>The bare English texts of a file, each with its line.</summary>
    public static IReadOnlyList<(int Line, string Text)> Bare(string razor)
    {
        var texts = new RazorTexts(WithoutComments(razor));
        while (texts._i < texts._s.Length) texts.Markup();
        return texts._found;
    }

    // Blanks instead, so that lines keep their numbers.
    private static string WithoutComments(string razor)
    {
        var all = razor.ToCharArray();
        foreach (var (open, close) in new[] { ("@*", "*@"), ("<!--", "-->") })
        {
            for (var at = razor.IndexOf(open, StringComparison.Ordinal); at >= 0; at = razor.IndexOf(open, at + 1, StringComparison.Ordinal))
            {
                var end = razor.IndexOf(close, at, StringComparison.Ordinal) is >= 0 and var e ? e + close.Length : razor.Length;
                for (var i = at; i < end; i++) all[i] = all[i] == '\n' ? '\n' : ' ';
            }
        }

        return new string(all);
    }

    // The content of an element up to its end tag, or of the file.
    private void Markup()
    {
        var from = _i;
        while (_i < _s.Length)
        {
            var c = _s[_i];
            if (c == '<' && At("</"))
            {
                Flush(from);
                _i = _s.IndexOf('>', _i) + 1;
                return;
            }

            if ((c == '<' && (char.IsLetter(Next) || Next == '!')) || (c == '@' && Next != '@'))
            {
                Flush(from);
                if (c == '@') Transition(spoken: true);
                else if (Next == '!') _i = _s.IndexOf('>', _i) + 1;
                else Element();
                from = _i;
            }
            else
            {
                _i += c == '@' ? 2 : 1;
            }
        }

        Flush(from);
    }

    private void Element()
    {
        var start = ++_i;
        while (char.IsLetterOrDigit(_s[_i]) || _s[_i] is '-' or '.') _i++;
        var name = _s[start.._i];
        var quiet = Quiet.Contains(name);
        while (_s[_i] != '>' && !At("/>")) quiet |= Attribute();
        var isEmpty = _s[_i] == '/' || Void.Contains(name);
        _i = _s.IndexOf('>', _i) + 1;
        if (isEmpty) return;
        if (name is "script" or "style") _i = _s.IndexOf("</" + name, _i, StringComparison.Ordinal);
        if (quiet) _quiet++;
        Markup();
        if (quiet) _quiet--;
    }

    // True for the class of what a machine says, which is not translated.
    private bool Attribute()
    {
        if (char.IsWhiteSpace(_s[_i]) || _s[_i] == '/') return Skip(1);
        if (At("@("))
        {
            Transition(spoken: false);
            return false;
        }

        var start = _i;
        while (!char.IsWhiteSpace(_s[_i]) && _s[_i] is not ('=' or '>') && !At("/>")) _i++;
        var name = _s[start.._i];
        if (_s[_i] != '=') return false;
        var quote = _s[++_i];
        if (quote is not ('"' or '\'')) return false;
        var (from, spoken, isCode) = (++_i, Spoken.Contains(name), name[0] == '@');
        var first = from;
        while (_s[_i] != quote)
        {
            if (isCode && _s[_i] is '(' or '{')
            {
                _i = _code.Balanced(_i, spoken: false);
            }
            else if (_s[_i] == '@' && Next != '@')
            {
                if (spoken) Flush(from);
                Transition(spoken);
                from = _i;
            }
            else
            {
                _i++;
            }
        }

        if (spoken) Flush(from);
        return Skip(1) || (name == "class" && _s[first..(_i - 1)].Split(' ').Contains("mono"));
    }

    // From an @ to the end of what it begins.
    private void Transition(bool spoken)
    {
        var next = Next;
        if (next == '(')
        {
            _i = _code.Balanced(_i + 1, spoken && _quiet == 0);
            return;
        }

        _i++;
        if (next == '{') Block();
        if (!char.IsLetter(next) && next != '_') return;
        var start = _i;
        while (_i < _s.Length && (char.IsLetterOrDigit(_s[_i]) || _s[_i] == '_')) _i++;
        var word = _s[start.._i];
        if (word is "code" or "functions") _i = _code.Balanced(_s.IndexOf('{', _i), spoken: false);
        else if (Controls.Contains(word) && _s[_code.Blank(_i)] is '(' or '{') Control();
        else if (Directives.Contains(word) && (start == 1 || _s[start - 2] == '\n')) _i = _s.IndexOf('\n', start) is >= 0 and var end ? end : _s.Length;
        else _i = _code.Rest(_i);
    }

    // if (…) { … } else if (…) { … } else { … }
    private void Control()
    {
        while (true)
        {
            var at = _code.Blank(_i);
            if (_s[at] == '(') at = _code.Blank(_code.Balanced(at, spoken: false));
            if (at >= _s.Length || _s[at] != '{') return;
            _i = at;
            Block();
            at = _code.Blank(_i);
            if (new[] { "else if", "else", "catch", "finally" }.FirstOrDefault(w => string.CompareOrdinal(_s, at, w, 0, w.Length) == 0) is not { } word) return;
            _i = at + word.Length;
        }
    }

    // C# with elements as statements.
    private void Block()
    {
        _i++;
        for (var isStart = true; _i < _s.Length;)
        {
            var c = _s[_i];
            if (c == '}')
            {
                _i++;
                return;
            }

            if (c == '{') Block();
            else if (c == '<' && isStart && char.IsLetter(Next)) Element();
            else if (c == '@' && Next == '<') _i++;
            else if (c == '@' && isStart) Transition(spoken: true);
            else if (c == '(') _i = _code.Balanced(_i, spoken: false);
            else _i = _code.Token(_i);
            isStart = char.IsWhiteSpace(c) || c == '/' ? isStart : c is '{' or '}' or ';' or ':' or '<' or '@';
        }
    }

    private void Flush(int from)
    {
        if (_i > from) Say(_s[from.._i], from);
    }

    private void Say(string text, int at)
    {
        var plain = WebUtility.HtmlDecode(text).Trim();
        if (_quiet == 0 && English.Is(plain)) _found.Add((_s.AsSpan(0, at + text.Length - text.TrimStart().Length).Count('\n') + 1, plain));
    }

    private char Next => _i + 1 < _s.Length ? _s[_i + 1] : '\0';

    private bool At(string text) => string.CompareOrdinal(_s, _i, text, 0, text.Length) == 0;

    private bool Skip(int count)
    {
        _i += count;
        return false;
    }
}
