using System.Globalization;

namespace SipStreamApp.Components.Shared;

/// <summary>What was typed into a field of digits.</summary>
internal static class Typed
{
    /// <summary>The number, at most <paramref name="most"/>; null where nothing stands there.</summary>
    public static int? Number(string digits, int most = int.MaxValue) =>
        digits.Length == 0 ? null : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : most;
}
