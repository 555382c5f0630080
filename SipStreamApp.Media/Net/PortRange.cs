using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>UDP ports from <see cref="First"/> to <see cref="Last"/>, both included, as an operator writes them: "30000-31000".</summary>
internal readonly record struct PortRange
{
    private PortRange(int first, int last) => (First, Last) = (first, last);

    public int First { get; }

    public int Last { get; }

    /// <summary>Even port of the first pair (RFC 3550 section 11: RTP on an even port, RTCP on the next one).</summary>
    public int FirstPair => First + (First & 1);

    /// <summary>Number of whole pairs.</summary>
    public int Pairs => Math.Max(0, (Last - FirstPair + 1) / 2);

    /// <summary>Reads "first-last"; the failure says what is wrong with it.</summary>
    public static bool TryParse(string? text, out PortRange range, [NotNullWhen(false)] out Failure? failure)
    {
        range = default;
        failure = null;
        var parts = (text ?? "").Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !TryPort(parts[0], out var first) || !TryPort(parts[1], out var last))
            failure = Bad($"\"{text}\" is not a range of ports", "Write two port numbers with a dash between, like 30000-31000");
        else if (first is < 1024 or > 65535 || last is < 1024 or > 65535)
            failure = Bad($"The range {text} leaves 1024-65535", "Choose ports the system lets ordinary programs use");
        else if (first > last)
            failure = Bad($"The range {text} ends before it begins", $"Did you mean {last}-{first}?");
        else if (new PortRange(first, last).Pairs == 0)
            failure = Bad($"The range {text} holds no even port with its odd neighbour", "Each medium of a call needs an even and the next odd port");
        else
            range = new PortRange(first, last);
        return failure is null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    private static Failure Bad(string title, string advice) => new("bad-port-range", Blame.Caller, title, advice);
}
