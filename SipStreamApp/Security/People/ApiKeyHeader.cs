using System.Text;

namespace SipStreamApp.Security.People;

/// <summary>Finds the key a request carries: Authorization Bearer or Basic, or X-Api-Key. Pure.</summary>
internal static class ApiKeyHeader
{
    /// <summary>The key, or null where the request carries none. What is there may be nonsense.</summary>
    public static string? Read(IHeaderDictionary headers)
    {
        var direct = headers["X-Api-Key"].ToString();
        if (direct.Length > 0) return direct.Trim();
        var header = headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? Basic(header[6..].Trim()) : null;
    }

    // What programs for Web Call Server can send: the key as the password of any user, or as the user with no password.
    private static string Basic(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return "";
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return text;
        return colon + 1 < text.Length ? text[(colon + 1)..] : text[..colon];
    }
}
