using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SipStreamApp.Signalling.Wire;

/// <summary>Reads fields as clients write them: <c>true</c> or <c>"true"</c>, <c>5060</c> or <c>"5060"</c>. Never throws.</summary>
internal static class JsonFields
{
    /// <summary>A scalar as text; null where it is missing, null or no scalar.</summary>
    public static string? Text(this JsonObject body, string name) =>
        body.TryGetPropertyValue(name, out var node) && node is JsonValue value && TryText(value, out var text) ? text : null;

    /// <summary>The text of a field that is not blank, else null.</summary>
    public static string? Filled(this JsonObject body, string name) => body.Text(name)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A flag; <paramref name="fallback"/> where there is none.</summary>
    public static bool Flag(this JsonObject body, string name, bool fallback = false) =>
        body.Text(name) is { } text ? text == "1" || (bool.TryParse(text, out var flag) && flag) : fallback;

    /// <summary>A whole number; null where there is none.</summary>
    public static int? Number(this JsonObject body, string name) =>
        int.TryParse(body.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The scalar's text; false for text that is not Unicode.</summary>
    public static bool TryText(JsonValue value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            return IsReadable(text);
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>False where a half of a surrogate pair stands alone.</summary>
    public static bool IsReadable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
