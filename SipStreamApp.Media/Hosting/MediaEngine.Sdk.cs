using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.SdkMse;

namespace SipStreamApp.Media.Hosting;

// Playing by the Web SDK's media provider MSE.
public sealed partial class MediaEngine
{
    /// <summary>
    /// Starts feeding a player of the Web SDK over its media socket. Waits a while for a stream that is reserved by a call in progress.
    /// Failure codes: "stream-not-found", "stream-not-ready", "no-common-codec" (also where the picture is VP8, which no browser takes this
    /// way), "needs-ffmpeg", "viewer-limit", "overloaded", "not-running".
    /// </summary>
    /// <param name="name">The stream.</param>
    /// <param name="audio">The player wants sound.</param>
    /// <param name="video">The player wants the picture.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<Outcome<SdkMseSession>> PlaySdkMseAsync(StreamName name, bool audio, bool video, CancellationToken cancel)
    {
        if (NoMoreViewers is { } full) return full;
        var found = await FindLiveAsync(name, WatchPatience, cancel);
        if (!found.Succeeded) return found.Failures.ToList();
        var stream = found.Value;
        if (video && stream.VideoFormat is { Codec: Codec.Vp8 }) return LiveTracks.NoVp8;
        var (hasAudio, hasVideo) = (audio && stream.AudioFormat is not null, video && stream.VideoFormat is not null);
        if (!hasAudio && !hasVideo) return new Failure("no-common-codec", Blame.Caller, "The stream has nothing of what the player wants");
        if (!hasAudio || _live.NoAac is not { } noAac) return new SdkMseSession(stream, hasAudio, hasVideo, "", _clock);
        return hasVideo ? new SdkMseSession(stream, audio: false, video: true, $"There is no sound: {noAac}", _clock) : noAac;
    }
}
