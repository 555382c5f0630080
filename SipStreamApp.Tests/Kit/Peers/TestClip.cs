namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>Picture and sound for the softphones: a moving test picture with a white flash and a 1 kHz beep in the same instant, each second.</summary>
/// <param name="Movie">Picture and sound.</param>
/// <param name="Picture">The picture alone: baresip 1.0 dies of a movie with a sound track.</param>
/// <param name="Wav">The sound at 8 kHz.</param>
internal sealed record TestClip(string Movie, string Picture, string Wav)
{
    private static readonly Lazy<Task<TestClip>> Made = new(MakeAsync);

    /// <summary>The sound at another rate; made where it is not there yet.</summary>
    public async Task<string> WavAsync(int rate, int channels)
    {
        var wav = Path.ChangeExtension(Movie, $".{rate}.{channels}.wav");
        if (File.Exists(wav)) return wav;
        await MakeAsync(wav, "-i", Movie, "-ar", $"{rate}", "-ac", $"{channels}");
        return wav;
    }

    /// <summary>Made once for a run, by ffmpeg.</summary>
    public static Task<TestClip> GetAsync() => Made.Value;

    private static async Task<TestClip> MakeAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "sipstream-test-clip")).FullName;
        var clip = new TestClip(Path.Combine(folder, "sync.mp4"), Path.Combine(folder, "picture.mp4"), Path.Combine(folder, "sync8k.wav"));
        if (File.Exists(clip.Wav) && File.Exists(clip.Picture)) return clip;
        await MakeAsync(
            clip.Movie,
            "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25,drawbox=enable='lt(mod(t,1),0.08)':color=white:t=fill",
            "-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000,volume='if(lt(mod(t,1),0.08),1,0.1)':eval=frame",
            "-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-ac", "1");
        await MakeAsync(clip.Picture, "-i", clip.Movie, "-an", "-c:v", "copy");
        await MakeAsync(clip.Wav, "-i", clip.Movie, "-ar", "8000", "-ac", "1");
        return clip;
    }

    // By way of a name of its own: another run may make the same file at the same time.
    private static async Task MakeAsync(string file, params string[] arguments)
    {
        var part = Path.ChangeExtension(file, $".{Guid.NewGuid():N}{Path.GetExtension(file)}");
        await PeerProcess.RunAsync("ffmpeg", Path.GetDirectoryName(file)!, ["-y", "-v", "error", .. arguments, part]);
        File.Move(part, file, overwrite: true);
    }
}
