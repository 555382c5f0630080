using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>The command line of one push. Pure. The address is one argument of its own and comes last.</summary>
internal static class FfmpegArguments
{
    public static List<string> For(PushAddress target, TrackFormat? video, TrackFormat? audio, PushLimits limits)
    {
        List<string> line =
        [
            "-hide_banner", "-nostats", "-nostdin", "-loglevel", "repeat+level+warning", "-progress", "pipe:1", "-stats_period", "0.5",
            // Everything is said in the init segment. Measured to a server on this machine: 0.3 s to the first byte sent instead of 1.0 s.
            "-analyzeduration", "0", "-fpsprobesize", "0", "-f", "mp4", "-i", "pipe:0",
        ];
        if (video is null) line.Add("-vn");
        else if (video.Codec == Codec.H264) line.AddRange(["-map", "0:v:0", "-c:v", "copy"]);
        else line.AddRange(["-map", "0:v:0", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50", "-maxrate", "2500k", "-bufsize", "5000k"]);

        if (audio is null) line.Add("-an");
        else
        {
            var rate = limits.AudioKbps.ToString(CultureInfo.InvariantCulture) + "k";
            // Telephone clocks drift: the resampler follows the time stamps instead of counting samples.
            line.AddRange(["-map", "0:a:0", "-af", "aresample=48000:async=1000", "-c:a", "aac", "-ar", "48000", "-b:a", rate]);
        }

        // The picture does not wait 10 s (ffmpeg's usual) for sound that does not come.
        line.AddRange(["-max_interleave_delta", "500000", "-flush_packets", "1"]);
        var timeout = ((long)limits.SocketTimeout.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        switch (target.Scheme)
        {
            case "srt":
                line.AddRange(["-f", "mpegts"]);
                break;
            case "rtsp":
                line.AddRange(["-rtsp_transport", "tcp", "-f", "rtsp"]);
                break;
            default:
                if (target.Scheme == "rtmps") line.AddRange(["-tls_verify", limits.VerifyCertificates ? "1" : "0"]);
                if (target.ServerUrl is { } name) line.AddRange(["-rtmp_tcurl", name]);
                line.AddRange(["-rw_timeout", timeout, "-f", "flv", "-flvflags", "no_duration_filesize"]);
                break;
        }

        line.Add(target.Url);
        return line;
    }
}
