using System.Globalization;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Streams;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Streams;

/// <summary>A stream in words for people.</summary>
internal static class StreamLook
{
    /// <summary>"H264 640×360 / opus", or what it waits for.</summary>
    public static string Tracks(StreamSnapshot stream)
    {
        if (stream.State is StreamState.Reserved) return L("waiting for the call");
        var tracks = new[] { stream.Video, stream.Audio }.Where(t => t is not null).Select(t => CallProgress.Describe(t!.Format)).ToList();
        return tracks.Count == 0 ? L("no media yet") : string.Join(" / ", tracks);
    }

    /// <summary>Payload rate of all tracks, kbit/s.</summary>
    public static int Kbps(StreamSnapshot stream) => (stream.Video?.BitrateKbps ?? 0) + (stream.Audio?.BitrateKbps ?? 0);

    /// <summary>"3 (WebRTC 2, MSE 1)"; a plain number where there is one way only.</summary>
    public static string Viewers(StreamSnapshot stream)
    {
        var ways = new[] { ("WebRTC", stream.Viewers), ("MSE", stream.MseViewers), ("HLS", stream.HlsViewers) }.Where(w => w.Item2 > 0).ToList();
        var all = stream.Watching.ToString(CultureInfo.InvariantCulture);
        return ways.Count == 0 ? all : $"{all} ({string.Join(", ", ways.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Item1} {w.Item2}")))})";
    }

    /// <summary>The verdict on the call that feeds it; a stream without one is judged by its tracks.</summary>
    public static Verdict Judge(StreamSnapshot stream, CallSnapshot? call, DateTimeOffset now) => call is not null
        ? Verdict.Of(call, stream, now)
        : stream switch
        {
            { State: StreamState.Reserved } => new(VerdictLevel.Waiting, L("Waiting for media")),
            { State: StreamState.Ended } => new(VerdictLevel.Over, L("Ended")),
            { Video: null, Audio: null } => new(VerdictLevel.Waiting, L("Waiting for media")),
            { Video.Keyframes: 0 } => new(VerdictLevel.Waiting, L("Waiting for a keyframe")),
            _ => new(VerdictLevel.Good, L("Good")),
        };
}
