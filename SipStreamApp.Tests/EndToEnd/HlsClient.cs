using System.Net;
using System.Text.RegularExpressions;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A plain HLS player: fetches the playlist and every segment in it.</summary>
internal static partial class HlsClient
{
    public static async Task<string> PlaylistAsync(RunningApp app, string stream, string query = "")
    {
        using var answer = await app.Http.GetAsync($"/hls/{stream}/index.m3u8{query}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/vnd.apple.mpegurl", answer.Content.Headers.ContentType?.MediaType);
        return text;
    }

    /// <summary>Waits until so many segments are there, then joins them: an MP4 file.</summary>
    public static async Task<byte[]> FetchAsync(RunningApp app, string stream, int segments)
    {
        var text = await PlaylistAsync(app, stream);
        for (var i = 0; i < 40 && Regex.Count(text, "#EXTINF") < segments; i++)
        {
            var next = long.Parse(Sequence().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) + Regex.Count(text, "#EXTINF");
            text = await PlaylistAsync(app, stream, $"?_HLS_msn={next}");
        }

        var file = new MemoryStream();
        await AddAsync(app, stream, file, Map().Match(text).Groups[1].Value);
        foreach (var line in text.Split('\n')) if (line.Length > 0 && line[0] != '#') await AddAsync(app, stream, file, line);
        return file.ToArray();
    }

    private static async Task AddAsync(RunningApp app, string stream, MemoryStream file, string name) =>
        file.Write(await app.Http.GetByteArrayAsync($"/hls/{stream}/{name}"));

    [GeneratedRegex(@"#EXT-X-MEDIA-SEQUENCE:(\d+)")]
    private static partial Regex Sequence();

    [GeneratedRegex("#EXT-X-MAP:URI=\"([^\"]+)\"")]
    private static partial Regex Map();
}
