using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SipStreamApp.Api;

/// <summary>
/// A JSON value as WCS clients send it: <c>true</c> or <c>"true"</c>, <c>5060</c> or <c>"5060"</c>. Reading never fails,
/// so that all wrong fields of a request can be named at once.
/// </summary>
[JsonConverter(typeof(LooseValueConverter))]
internal readonly record struct LooseValue(string? Text, bool IsComposite = false)
{
    /// <summary>Missing, null or only blanks.</summary>
    public bool IsEmpty => !IsComposite && string.IsNullOrWhiteSpace(Text);

    public bool TryFlag(out bool value)
    {
        value = Text is "1";
        return Text is "0" or "1" || bool.TryParse(Text, out value);
    }

    public bool TryNumber(out int value) => int.TryParse(Text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value);
}

/// <summary>Reads any JSON token; remembers objects and lists as such.</summary>
internal sealed class LooseValueConverter : JsonConverter<LooseValue>
{
    public override bool HandleNull => true;

    public override LooseValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return new(reader.GetString());
            case JsonTokenType.Number: return new(Number(ref reader));
            case JsonTokenType.True: return new("true");
            case JsonTokenType.False: return new("false");
            case JsonTokenType.Null: return new(null);
            default:
                reader.Skip();
                return new(null, IsComposite: true);
        }
    }

    public override void Write(Utf8JsonWriter writer, LooseValue value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);

    private static string Number(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : reader.GetDouble().ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads strings inside of parsed JSON.</summary>
internal static class JsonText
{
    /// <summary>The string; null where it is none that can exist: half a surrogate pair is only found when it is read.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True where the property has that name; false also for names that cannot exist.</summary>
    public static bool NameIs(this JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
