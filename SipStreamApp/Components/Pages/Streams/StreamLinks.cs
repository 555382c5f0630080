using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Streams;

/// <summary>Every way to a stream, to be copied.</summary>
internal static class StreamLinks
{
    /// <summary>Label, link and a word about it.</summary>
    /// <param name="baseUri">Address of the server, with a slash at its end.</param>
    /// <param name="stream">The stream.</param>
    public static IReadOnlyList<(string Label, string Link, string Note)> Of(string baseUri, string stream)
    {
        var name = Uri.EscapeDataString(stream);
        var socket = baseUri.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? "wss" + baseUri[5..] : "ws" + baseUri[4..];
        return
        [
            (L("Page"), $"{baseUri}player?stream={name}", L("for colleagues")),
            (L("Embed page"), $"{baseUri}embed/{name}", L("the player alone")),
            ("iframe", $"<iframe src=\"{baseUri}embed/{name}?muted=1\" width=\"640\" height=\"360\" allow=\"autoplay; fullscreen\" style=\"border:0\"></iframe>", L("for another site")),
            (L("Web component"), $"<script type=\"module\" src=\"{baseUri}player/sip-stream-player.mjs\"></script>\n<sip-stream-player stream=\"{stream}\" autoplay controls></sip-stream-player>", L("for your own page")),
            ("WHEP", $"{baseUri}whep/{name}", "WebRTC, 0.2 s"),
            ("MSE", $"{socket}mse/{name}", L("WebSocket, below 1 s")),
            ("HLS", $"{baseUri}hls/{name}/index.m3u8", L("any player, 3 s")),
            (L("Snapshot"), $"{baseUri}streams/{name}/snapshot.jpg", L("JPEG, every 5 s")),
        ];
    }
}
