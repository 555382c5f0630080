using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

/// <summary>A sample on its way into a writer.</summary>
internal readonly record struct TestSample(int Track, byte[] Data, TimeSpan Time, bool Key = true, bool AfterGap = false);

internal static class Mp4Kit
{
    public const int Video = 1;
    public const int Audio = 2;

    public static readonly DemoClip Clip = DemoClip.Load();
    public static readonly Mp4Track H264 = new(Video, Clip.VideoFormat);
    public static readonly Mp4Track Opus = new(Audio, TrackFormat.Default(Codec.Opus));
    public static readonly Mp4Track Pcmu = new(Audio, TrackFormat.Default(Codec.Pcmu));
    public static readonly Mp4Track Vp8 = new(Video, StillPicture.Load().Vp8Format);

    public static IEnumerable<TestSample> ClipVideo(int count, TimeSpan start = default) =>
        Enumerable.Range(0, count).Select(i => new TestSample(
            Video, Clip.VideoFrame(i).ToArray(), start + TimeSpan.FromTicks(Clip.VideoTicks(i) * 1000 / 9), Clip.IsKeyframe(i)));

    public static IEnumerable<TestSample> ClipOpus(int count, TimeSpan start = default) =>
        Enumerable.Range(0, count).Select(i => new TestSample(Audio, Clip.OpusPacket(i).ToArray(), start + Ms(20 * i)));

    public static IEnumerable<TestSample> Telephone(int count, byte value = 0xFF, TimeSpan start = default) =>
        Enumerable.Range(0, count).Select(i => new TestSample(Audio, Enumerable.Repeat(value, 160).ToArray(), start + Ms(20 * i)));

    public static TimeSpan Ms(double ms) => TimeSpan.FromTicks((long)(ms * TimeSpan.TicksPerMillisecond));

    /// <summary>Pushes samples in order of time and takes fragments after each one; the last ones after a finish.</summary>
    public static List<FragmentInfo> Feed(FragmentWriter writer, IEnumerable<TestSample> samples, IBufferWriter<byte> output, bool finish = true)
    {
        var infos = new List<FragmentInfo>();
        foreach (var s in samples.OrderBy(s => s.Time))
        {
            var format = writer.Tracks.First(t => t.Id == s.Track).Format;
            Assert.Equal(PushStatus.Taken, writer.Push(s.Track, format, s.Data, s.Time, s.Key, s.AfterGap));
            while (writer.TryTake(output, out var info)) infos.Add(info);
        }

        if (finish) writer.Finish();
        while (writer.TryTake(output, out var info)) infos.Add(info);
        return infos;
    }

    /// <summary>A whole file.</summary>
    public static byte[] File(Mp4Track[] tracks, IEnumerable<TestSample> samples, FragmentOptions options, out List<FragmentInfo> infos)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Mp4Init.TryWrite(tracks, output));
        infos = Feed(new FragmentWriter(tracks, options), samples, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Decodes everything with ffmpeg; what it complains of, empty where nothing.</summary>
    public static string Decode(byte[] file) => OnFile(file, path => Run("ffmpeg", $"-v error -threads 1 -i {path} {MediaFile.ToNowhere}").Errors);

    /// <summary>The sound of a file as ffmpeg decodes it, mono at 16 kHz.</summary>
    public static short[] Listen(byte[] file)
    {
        var (_, errors, bytes) = OnFile(file, path => Run("ffmpeg", $"-v error -threads 1 -i {path} -vn -ac 1 -ar 16000 -f s16le pipe:1"));
        Assert.Equal("", errors);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes).ToArray();
    }

    /// <summary>Packets as ffprobe reads them: stream index, time in seconds, and whether it is a keyframe.</summary>
    public static List<(int Stream, double Time, bool Key)> Packets(byte[] file, out string[] codecs)
    {
        var text = OnFile(file, path => Run("ffprobe", $"-v error -show_entries packet=stream_index,pts_time,flags:stream=codec_name -of csv {path}"));
        Assert.Equal("", text.Errors);
        var lines = text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split(',')).ToList();
        codecs = [.. lines.Where(l => l[0] == "stream").Select(l => l[1])];
        return [.. lines.Where(l => l[0] == "packet").Select(l => (int.Parse(l[1], CultureInfo.InvariantCulture), Number(l[2]), l[3].StartsWith('K')))];
    }

    /// <summary>Frames of AAC out of ffmpeg, without their ADTS heads.</summary>
    public static List<byte[]> AacFrames(double seconds)
    {
        var adts = Run("ffmpeg", $"-v error -f lavfi -i sine=440:r=48000:d={seconds.ToString(CultureInfo.InvariantCulture)} -ac 1 -c:a aac -f adts pipe:1").Bytes;
        var frames = new List<byte[]>();
        for (var at = 0; at + 7 <= adts.Length;)
        {
            var length = (adts[at + 3] & 3) << 11 | adts[at + 4] << 3 | adts[at + 5] >> 5;
            frames.Add(adts[(at + ((adts[at + 1] & 1) != 0 ? 7 : 9))..(at + length)]);
            at += length;
        }

        return frames;
    }

    public static (string Output, string Errors, byte[] Bytes) Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (System.Text.Encoding.UTF8.GetString(output.ToArray()), errors.GetAwaiter().GetResult() + (process.ExitCode == 0 ? "" : $" exit {process.ExitCode}"), output.ToArray());
    }

    private static T OnFile<T>(byte[] file, Func<string, T> judge)
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".mp4");
        try
        {
            System.IO.File.WriteAllBytes(path, file);
            return judge(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
