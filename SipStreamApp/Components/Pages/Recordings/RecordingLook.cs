using System.Globalization;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Components.Pages.Recordings;

/// <summary>A recording in words for people.</summary>
internal static class RecordingLook
{
    public static StatusLook Of(RecordingSnapshot recording) => recording.State switch
    {
        RecordingState.Recording => new("●", "Recording", "live"),
        RecordingState.Finishing => new("◌", string.Create(CultureInfo.InvariantCulture, $"Finishing {recording.Percent} %"), "busy"),
        RecordingState.Ready => recording.Reason is null ? new("✔", "Ready", "ended") : new("⚠", "Ready", "warn"),
        _ => new("✖", "Failed", "error"),
    };

    public static string Size(long bytes) => bytes switch
    {
        <= 0 => "–",
        < 1 << 20 => Say.Fixed(bytes / 1024.0, 0) + " KB",
        < 1 << 30 => Say.Fixed(bytes / 1048576.0) + " MB",
        _ => Say.Fixed(bytes / 1073741824.0, 2) + " GB",
    };

    public static string Codecs(RecordingSnapshot recording) =>
        string.Join(" / ", new[] { recording.VideoCodec, recording.AudioCodec }.Where(c => c is not null)) is { Length: > 0 } codecs ? codecs : "–";
}
