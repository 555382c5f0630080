using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Push;

/// <summary>The address of a service everybody knows; never a key.</summary>
/// <param name="Name">The service.</param>
/// <param name="Address">Where it takes streams; empty: to be typed.</param>
/// <param name="Hint">Where its key is found.</param>
internal sealed record PushPreset(string Name, string Address, string Hint)
{
    public static IReadOnlyList<PushPreset> All =>
    [
        new(L("Custom"), "", L("An address without a key publishes under the stream's own name")),
        new("YouTube", "rtmps://a.rtmps.youtube.com/live2", L("The stream key stands in YouTube Studio under Go live")),
        new("Twitch", "rtmps://ingest.global-contribute.live-video.net/app", L("The stream key stands in the Creator Dashboard under Settings, Stream")),
        new("Facebook", "rtmps://live-api-s.facebook.com:443/rtmp", L("The stream key stands in Live Producer under Streaming software")),
    ];

    /// <summary>The service of an address; Custom where it is none of these.</summary>
    public static PushPreset Of(string address) => All.FirstOrDefault(p => p.Address.Length > 0 && p.Address.Equals(address.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) ?? All[0];
}
