using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace SipStreamApp.Api;

/// <summary>Reads small request bodies and says plainly what is wrong with them.</summary>
internal static class RequestBody
{
    /// <summary>Largest body that is read, bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads a JSON object; an empty body counts as <c>{}</c>. Returns the error answer where there is one.</summary>
    public static async Task<(T? Body, IResult? Error)> ReadJsonAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class, new()
    {
        var (text, error) = await ReadTextAsync(http, IsJson, "application/json");
        if (error is not null) return (null, error);
        if (string.IsNullOrWhiteSpace(text)) return (new T(), null);
        try
        {
            if (JsonSerializer.Deserialize(text, type) is { } body) return (body, null);
            return (null, Malformed(http, "The body must be a JSON object, not null"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is half a surrogate pair, "\ud800" (found by the fuzz target "rest-json").
            var where = (e as JsonException)?.LineNumber is { } line ? $" (line {line + 1}, byte {(e as JsonException)?.BytePositionInLine + 1})" : "";
            return (null, Malformed(http, "The body is not a JSON object that can be read" + where));
        }
    }

    /// <summary>Reads a body of up to 64 KB in its charset. Returns the error answer where there is one.</summary>
    public static async Task<(string Text, IResult? Error)> ReadTextAsync(HttpContext http, Func<MediaTypeHeaderValue, bool> accepts, string expected)
    {
        var request = http.Request;
        var encoding = Encoding.UTF8;
        if (!string.IsNullOrEmpty(request.ContentType))
        {
            if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !accepts(type) || (encoding = EncodingOf(type)) is null)
                return ("", Problems.Of(http, 415, "unsupported-media-type", $"The content type must be {expected}", $"It was {request.ContentType}"));
        }
        else if (request.ContentLength is not (null or 0))
        {
            return ("", Problems.Of(http, 415, "unsupported-media-type", $"The content type must be {expected}", "None was given"));
        }

        var tooLarge = Problems.Of(http, 413, "too-large", $"The body is larger than {MaxBytes / 1024} KB");
        if (request.ContentLength > MaxBytes) return ("", tooLarge);
        var buffer = new byte[MaxBytes + 1];
        var length = 0;
        int read;
        while (length < buffer.Length && (read = await request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted)) > 0) length += read;
        return length > MaxBytes ? ("", tooLarge) : (encoding.GetString(buffer, 0, length).TrimStart('\uFEFF'), null);
    }

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase)
        || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static Encoding? EncodingOf(MediaTypeHeaderValue type)
    {
        if (!type.Charset.HasValue) return Encoding.UTF8;
        try
        {
            return Encoding.GetEncoding(type.Charset.Value.Trim('"'));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static IResult Malformed(HttpContext http, string title) => Problems.Of(http, 400, "malformed-json", title);
}
