namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>Picture and sound for the softphones: a moving test picture with a white flash and a 1 kHz beep in the same instant, each second.</summary>
internal sealed record TestClip(string Movie, string Wav)
{
    private static readonly Lazy<Task<TestClip>> Made = new(MakeAsync);

    /// <summary>The sound at another rate; made where it is not there yet.</summary>
    public async Task<string> WavAsync(int rate, int channels)
    {
        var wav = Path.ChangeExtension(Movie, $".{rate}.{channels}.wav");
        if (File.Exists(wav)) return wav;
        var part = Path.ChangeExtension(wav, $".{Guid.NewGuid():N}.wav");
        await PeerProcess.RunAsync("ffmpeg", Path.GetDirectoryName(wav)!, "-y", "-v", "error", "-i", Movie, "-ar", $"{rate}", "-ac", $"{channels}", part);
        File.Move(part, wav, overwrite: true);
        return wav;
    }

    /// <summary>Made once for a run, by ffmpeg.</summary>
    public static Task<TestClip> GetAsync() => Made.Value;

    private static async Task<TestClip> MakeAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "sipstream-test-clip")).FullName;
        var clip = new TestClip(Path.Combine(folder, "sync.mp4"), Path.Combine(folder, "sync8k.wav"));
        if (File.Exists(clip.Wav)) return clip;
        await PeerProcess.RunAsync(
            "ffmpeg", folder, "-y", "-v", "error",
            "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25,drawbox=enable='lt(mod(t,1),0.08)':color=white:t=fill",
            "-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000,volume='if(lt(mod(t,1),0.08),1,0.1)':eval=frame",
            "-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-ac", "1", clip.Movie);
        var wav = clip.Wav + ".part.wav";
        await PeerProcess.RunAsync("ffmpeg", folder, "-y", "-v", "error", "-i", clip.Movie, "-ar", "8000", "-ac", "1", wav);
        File.Move(wav, clip.Wav, overwrite: true);
        return clip;
    }
}
