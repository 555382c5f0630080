using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SipStreamApp.Tests.Kit.Media;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A piece of a stream as a server gave it out again, and what an independent tool finds in it.</summary>
internal sealed class Received(string file)
{
    private const int Rate = 48000;

    /// <summary>Codec, width, height and sampling rate of each stream: "h264,640,360", "aac,48000,1".</summary>
    public string[] Streams()
    {
        var lines = Text("ffprobe", "-v error -show_entries stream=codec_name,width,height,sample_rate,channels -of csv=p=0 " + file);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>True where the first picture can be decoded by itself.</summary>
    public bool StartsWithKeyframe() =>
        Text("ffprobe", "-v error -select_streams v -read_intervals %+1 -show_entries packet=flags -of csv=p=0 " + file).StartsWith('K');

    /// <summary>The sound as one channel at 48 kHz, laid on the file's time line from 0 on.</summary>
    public short[] Sound() => MemoryMarshal.Cast<byte, short>(Run("ffmpeg", $"-v error -copyts -i {file} -map 0:a:0 -af aresample={Rate}:async=1:min_hard_comp=0.005:first_pts=0 -ac 1 -f s16le pipe:1")).ToArray();

    /// <summary>True where a pitch fills the sound from a second on, for so long.</summary>
    public bool Hears(double hertz, double fromSecond = 1.0, double atLeast = 0.02)
    {
        var sound = Sound();
        var from = (int)(fromSecond * Rate);
        if (sound.Length < from + Rate / 2) return false;
        // A fifth of a second within the second that starts there: clear of the beep that stands on full seconds of the demo call.
        for (var at = from; at + Rate / 5 <= sound.Length; at += Rate / 10)
            if (Goertzel.Hears(sound.AsSpan(at, Rate / 5), Rate, hertz, atLeast)) return true;
        return false;
    }

    /// <summary>Loudest sample after a second.</summary>
    public int Peak(double fromSecond) => Sound().Skip((int)(fromSecond * Rate)).Select(s => Math.Abs((int)s)).DefaultIfEmpty(0).Max();

    /// <summary>Begins of the beeps (1 kHz), seconds.</summary>
    public List<double> Beeps()
    {
        const int Step = Rate / 200;
        var sound = Sound();
        var (beeps, was) = (new List<double>(), true);
        for (var at = 0; at + 2 * Step <= sound.Length; at += Step)
        {
            var amplitude = Goertzel.Amplitude(sound.AsSpan(at, 2 * Step), Rate, 1000);
            if (amplitude > 0.25 && !was) beeps.Add((at + Step) / (double)Rate);
            was = amplitude > 0.25 || (was && amplitude > 0.12);
        }

        return beeps;
    }

    /// <summary>Times at which the lamp of the demo picture (top right) goes on, seconds.</summary>
    public List<double> Flashes()
    {
        var light = Text("ffprobe", $"-v error -f lavfi -i movie={file},crop=iw/8:ih/6:iw*7/8:0,signalstats -show_entries frame=pts_time:frame_tags=lavfi.signalstats.YAVG -of csv=p=0");
        var frames = light.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().TrimEnd(',').Split(',')).Where(l => l.Length >= 2)
            .Select(l => (Time: Number(l[0]), Light: Number(l[^1]))).ToList();
        var (low, high) = (frames.Min(f => f.Light), frames.Max(f => f.Light));
        Xunit.Assert.True(high - low > 10, $"No flash is to be seen: {low} to {high}");
        return [.. frames.Zip(frames.Skip(1)).Where(p => p.First.Light < (low + high) / 2 && p.Second.Light >= (low + high) / 2).Select(p => p.Second.Time)];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(string program, string arguments) => System.Text.Encoding.UTF8.GetString(Run(program, arguments));

    private static byte[] Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Xunit.Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }
}
