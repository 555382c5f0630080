using System.Text;
using System.Text.RegularExpressions;

namespace SipStreamApp.Security.Links;

/// <summary>Puts the token of a link behind every address in an HLS playlist: players fetch what the playlist names, and nothing else.</summary>
internal static partial class PlaylistKeys
{
    /// <summary>The playlist (RFC 8216 section 4) with <c>?k=</c> behind its addresses. Pure.</summary>
    public static string Add(string playlist, string token)
    {
        var suffix = "?k=" + Uri.EscapeDataString(token);
        var text = new StringBuilder(playlist.Length * 2);
        foreach (var line in playlist.Split('\n'))
        {
            if (line.StartsWith('#')) text.Append(Attribute().Replace(line, m => $"URI=\"{m.Groups[1].Value}{suffix}\""));
            else if (line.Length > 0) text.Append(line).Append(suffix);
            text.Append('\n');
        }

        text.Length--;
        return text.ToString();
    }

    /// <summary>Runs an endpoint that answers with a playlist and adds the token to its answer.</summary>
    public static async Task ServeAsync(HttpContext http, RequestDelegate next, string token)
    {
        var wire = http.Response.Body;
        await using var kept = new MemoryStream();
        http.Response.Body = kept;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = wire;
        }

        var isPlaylist = http.Response.StatusCode == StatusCodes.Status200OK && http.Response.ContentType?.Contains("mpegurl", StringComparison.OrdinalIgnoreCase) == true;
        var bytes = isPlaylist ? Encoding.UTF8.GetBytes(Add(Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), token)) : kept.ToArray();
        if (http.Response.ContentLength is not null) http.Response.ContentLength = bytes.Length;
        await wire.WriteAsync(bytes, http.RequestAborted);
    }

    [GeneratedRegex("URI=\"([^\"]*)\"")]
    private static partial Regex Attribute();
}
