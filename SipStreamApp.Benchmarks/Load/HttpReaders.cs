using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Players that read over HTTP: HLS segments as they come, MSE by WebSocket.</summary>
internal static partial class HttpReaders
{
    /// <summary>Fetches the playlist each second and every segment in it; fails where there are fewer than the time allows.</summary>
    public static async Task HlsAsync(Rest rest, string stream, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        var seen = new HashSet<string>();
        for (;;)
        {
            var playlist = Encoding.UTF8.GetString(await rest.GetAsync($"/hls/{stream}/index.m3u8"));
            var names = playlist.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Prepend(Map().Match(playlist).Groups[1].Value);
            foreach (var name in names.Where(seen.Add))
                if ((await rest.GetAsync($"/hls/{stream}/{name}")).Length == 0) throw new LoadException($"HLS: {name} of {stream} is empty");
            if (watch.Elapsed > time) break;
            await Task.Delay(1000);
        }

        // Segments are 4 s long at most; the first is ready one segment after the start, and one head comes with them.
        var wanted = Math.Max(1, (int)(time.TotalSeconds / 4) - 1) + 1;
        if (seen.Count < wanted) throw new LoadException($"HLS: {seen.Count} files of {stream} within {time.TotalSeconds:F0} s, wanted {wanted}");
    }

    /// <summary>Reads for a while from the first fragment on (G.711 waits for its coder); fails where there are fewer than ten a second, or an error is told.</summary>
    public static async Task MseAsync(string url, string stream, TimeSpan time)
    {
        using var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(new Uri($"{url.Replace("http", "ws", StringComparison.Ordinal)}/mse/{stream}"), limit.Token);
        limit.CancelAfter(time + TimeSpan.FromSeconds(30));
        var buffer = new byte[1 << 16];
        var (fragments, watch) = (0, Stopwatch.StartNew());
        while (fragments == 0 || watch.Elapsed < time)
        {
            var part = await socket.ReceiveAsync(buffer, limit.Token);
            if (part.MessageType == WebSocketMessageType.Close) throw new LoadException($"MSE: {stream} was closed with {(int?)socket.CloseStatus}");
            if (part.MessageType == WebSocketMessageType.Binary && part.EndOfMessage && fragments++ == 0) watch.Restart();
            if (part.MessageType == WebSocketMessageType.Text && Encoding.UTF8.GetString(buffer, 0, part.Count) is var said && said.Contains("\"error\"", StringComparison.Ordinal))
                throw new LoadException($"MSE: {stream} said {said}");
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        if (fragments < time.TotalSeconds * 10) throw new LoadException($"MSE: {fragments} fragments of {stream} in {time.TotalSeconds:F0} s");
    }

    [GeneratedRegex("#EXT-X-MAP:URI=\"([^\"]+)\"")]
    private static partial Regex Map();
}
