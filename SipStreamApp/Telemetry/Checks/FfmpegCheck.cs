using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>ffmpeg is there and does what is asked of it: a short run of each kind of work.</summary>
internal sealed class FfmpegCheck(MediaEngine engine) : IServerCheck
{
    public string Id => "ffmpeg";

    public string Title => "ffmpeg";

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var probe = await engine.ProbeFfmpegAsync(cancel);
        if (probe.Program is null)
        {
            return CheckResult.Warning(
                "not found", $"The program \"{engine.Options.Media.Ffmpeg}\" was not found. Calls, WebRTC and MP4 recording of H.264 with its own sound work; HLS, thumbnails, pushes and AAC do not.",
                "Install ffmpeg (apt-get install ffmpeg) or name it with Media:Ffmpeg, and start the server again.");
        }

        var figure = string.Join(", ", probe.Works.Select(w => $"{w.Encoder} {(w.Problem is null ? Say.Milliseconds(w.Took) : "failed")}"));
        var broken = probe.Works.Where(w => w.Problem is not null).ToList();
        return broken.Count == 0
            ? CheckResult.Good(figure)
            : CheckResult.Failed(
                figure, $"{probe.Program} cannot make {string.Join("; ", broken.Select(b => $"{b.Encoder} (for {b.Use}): {b.Problem}"))}",
                "Install an ffmpeg built with these encoders; the package of Debian and Ubuntu has them all.");
    }
}
