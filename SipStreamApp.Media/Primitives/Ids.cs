using System.Diagnostics.CodeAnalysis;

namespace SipStreamApp.Media.Primitives;

/// <summary>The name a caller gave to one call, unique among the calls that are up (WCS <c>callId</c>).</summary>
public readonly record struct CallId(string Value)
{
    /// <summary>The longest id that is accepted, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>A fresh random id.</summary>
    public static CallId New() => new("c-" + Guid.CreateVersion7().ToString("N"));

    /// <summary>Accepts printable ASCII without spaces, 1 to <see cref="MaxLength"/> characters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CallId id)
    {
        id = default;
        if (text is null or "" || text.Length > MaxLength) return false;
        foreach (var c in text) if (c is <= ' ' or > '~') return false;
        id = new CallId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>The name of a stream: letters, digits and <c>._-</c>, 1 to 64 characters; safe in paths and URLs.</summary>
public readonly record struct StreamName
{
    private StreamName(string value) => Value = value;

    /// <summary>The longest name that is accepted, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Checks and wraps a name; refuses anything that could leave a folder ("." and "..", slashes, control characters).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StreamName name)
    {
        name = default;
        if (text is null or "" or "." or ".." || text.Length > MaxLength) return false;
        foreach (var c in text) if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        name = new StreamName(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>Synchronization source of an RTP stream (RFC 3550 section 3).</summary>
public readonly record struct Ssrc(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>RTP payload type, 0 to 127 (RFC 3550 section 5.1).</summary>
public readonly record struct PayloadType(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
