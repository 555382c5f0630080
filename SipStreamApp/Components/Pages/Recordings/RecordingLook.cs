using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Recording;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Recordings;

/// <summary>A recording in words for people.</summary>
internal static class RecordingLook
{
    public static StatusLook Of(RecordingSnapshot recording) => recording.State switch
    {
        RecordingState.Recording => new("●", L("Recording"), "live"),
        RecordingState.Finishing => new("◌", L("Finishing {0} %", recording.Percent), "busy"),
        RecordingState.Ready => recording.Reason is null ? new("✔", L("Ready"), "ended") : new("⚠", L("Ready"), "warn"),
        _ => new("✖", L("Failed"), "error"),
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
