// ITU-T Q.850 (cause values), RFC 3326 section 2 (Reason header), RFC 3398 section 8.2.6.1 (the SIP status for a cause of the telephone network).
using System.Globalization;

namespace SipStreamApp.Media.Calls.Outcomes;

/// <summary>A cause of the telephone network, as gateways and exchanges give it in the Reason header.</summary>
/// <param name="Value">1-127.</param>
internal readonly record struct Q850Cause(int Value)
{
    /// <summary>Nothing went wrong: somebody hung up.</summary>
    public bool IsNormal => Value is 16 or 31;

    /// <summary>The SIP status that says the same; null for those that say nothing of their own.</summary>
    public int? Status => Value switch
    {
        1 or 2 or 3 or 26 => 404,
        17 => 486,
        18 => 408,
        19 or 20 => 480,
        21 => 603,
        22 or 23 => 410,
        27 => 502,
        28 => 484,
        29 or 79 => 501,
        34 or 38 or 41 or 42 or 47 or 58 or 88 => 503,
        55 or 57 or 87 => 403,
        65 or 70 => 488,
        102 => 504,
        _ => null,
    };

    /// <summary>In plain words.</summary>
    public string Words => Value switch
    {
        1 => "the number does not exist",
        2 or 3 => "there is no route to the number",
        16 or 31 => "normal end",
        17 => "busy",
        18 => "the phone did not answer",
        19 => "nobody answered",
        20 => "the subscriber cannot be reached",
        21 => "the call was refused",
        22 or 23 => "the number has moved",
        26 or 27 => "the destination is out of order",
        28 => "the number is incomplete",
        29 or 79 => "the network does not support this",
        34 or 42 or 47 or 58 => "the network has no line free",
        38 => "the network is out of order",
        41 => "a passing failure of the network",
        55 or 57 or 87 => "the network does not allow this",
        65 or 70 or 88 => "the network cannot carry this sound or picture",
        102 => "a timer of the network ran out",
        127 => "another network did not say why",
        _ => string.Create(CultureInfo.InvariantCulture, $"cause {Value} of the telephone network"),
    };

    /// <summary>Finds it in a Reason header, among others or alone: <c>Q.850;cause=16;text="Normal call clearing"</c>. Null where there is none.</summary>
    public static Q850Cause? Find(string? reason)
    {
        for (var rest = reason.AsSpan(); rest.IndexOf("Q.850", StringComparison.OrdinalIgnoreCase) is >= 0 and var at;)
        {
            rest = rest[(at + 5)..];
            var end = rest.IndexOf(',');
            var one = end < 0 ? rest : rest[..end];
            var cause = one.IndexOf("cause=", StringComparison.OrdinalIgnoreCase);
            if (cause < 0) continue;
            var digits = one[(cause + 6)..];
            var length = digits.IndexOfAnyExceptInRange('0', '9');
            if (length >= 0) digits = digits[..length];
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 127) return new Q850Cause(value);
        }

        return null;
    }
}
