using System.Globalization;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Tests.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>When the demo clip's lamp lights and when it beeps, as an independent player would show and play it.</summary>
internal static class AvSync
{
    private const int Rate = 16000;
    private const int Step = Rate / 200;
    private const int Window = Rate / 100;

    /// <summary>How much later the beep comes than its flash, one value for each flash that has its beep in the file.</summary>
    public static IReadOnlyList<double> Measure(byte[] file)
    {
        var (flashes, beeps, sound) = (Flashes(file), Beeps(file), SoundBegins(file));

        // A beep whose beginning the file does not hold is heard late: AAC is made from the first viewer on, and its first frames are the encoder's silence.
        var pairs = flashes.Where(f => beeps.Count > 0 && f > sound + 0.1).Select(f => beeps.MinBy(b => Math.Abs(b - f)) - f).Where(d => Math.Abs(d) < 0.5).ToList();
        Assert.True(pairs.Count > 0, $"flashes at {Text(flashes)}, beeps at {Text(beeps)}");
        return pairs;
    }

    /// <summary>
    /// Each flash coincides with its beep within 40 ms. Only for a source that does not jump to a keyframe when it is asked for one: it
    /// would tear its own picture from its sound.
    /// </summary>
    public static void AssertTogether(byte[] file)
    {
        var late = Measure(file);
        Assert.True(late.Count >= 3 && late.All(l => Math.Abs(l) <= 0.04), Text(late));
    }

    /// <summary>When the sound's first packet is played, seconds.</summary>
    public static double SoundBegins(byte[] file) => Mp4Kit.Packets(file, out var codecs).Where(p => codecs[p.Stream] != "h264").Select(p => p.Time).DefaultIfEmpty(0).Min();

    public static List<double> Flashes(byte[] file)
    {
        var times = Mp4Kit.Packets(file, out var codecs).Where(p => codecs[p.Stream] == "h264").Select(p => p.Time).ToList();
        var light = Decode(file, "-vf crop=64:64:544:32,scale=1:1:flags=area,format=gray -fps_mode passthrough -f rawvideo");
        Assert.Equal(times.Count, light.Length);
        return [.. Enumerable.Range(1, Math.Max(0, light.Length - 1)).Where(i => light[i] > 128 && light[i - 1] <= 128).Select(i => times[i])];
    }

    public static List<double> Beeps(byte[] file)
    {
        var bytes = Decode(file, $"-vn -af aresample=async=1:min_hard_comp=0.005:first_pts=0 -ac 1 -ar {Rate} -f s16le");
        var sound = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes);
        List<double> onsets = [];
        var isOn = true;
        for (var at = 0; at + Window <= sound.Length; at += Step)
        {
            var isBeep = Goertzel.Amplitude(sound.Slice(at, Window), Rate, PcmTone.BeepHz) > 0.2;
            // Half the window has to hold the beep to be over the threshold, so it begins about at its middle.
            if (isBeep && !isOn) onsets.Add((at + Window / 2.0) / Rate);
            isOn = isBeep;
        }

        return onsets;
    }

    /// <summary>True where the tone between the beeps is there.</summary>
    public static bool HearsTone(byte[] file)
    {
        var sound = Mp4Kit.Listen(file);
        var heard = 0;
        for (var at = 0; at + 3200 <= sound.Length; at += 3200) if (Goertzel.Hears(sound.AsSpan(at, 3200), Rate, PcmTone.ToneHz, 0.05)) heard++;
        return heard * 3200.0 / Math.Max(sound.Length, 1) > 0.4;
    }

    private static byte[] Decode(byte[] file, string output)
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".mp4");
        try
        {
            File.WriteAllBytes(path, file);
            return Mp4Kit.Run("ffmpeg", $"-v error -threads 1 -copyts -i {path} {output} pipe:1").Bytes;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Text(IEnumerable<double> times) => string.Join(' ', times.Select(t => t.ToString("F3", CultureInfo.InvariantCulture)));
}
