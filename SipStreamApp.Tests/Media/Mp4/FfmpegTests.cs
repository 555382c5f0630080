using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

/// <summary>ffmpeg as an independent judge of files.</summary>
public class FfmpegTests
{
    private static readonly FragmentOptions Second = FragmentOptions.File(TimeSpan.FromSeconds(1));

    [Fact]
    public void File_H264AndOpus_PlaysWithStartsAndDurationsRight()
    {
        // Sound starts 60 ms after the picture; stream time starts somewhere.
        var start = TimeSpan.FromHours(3);
        var samples = Mp4Kit.ClipVideo(125, start).Concat(Mp4Kit.ClipOpus(247, start + Mp4Kit.Ms(60)));
        var file = Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, Second, out var infos);
        Assert.Equal("", Mp4Kit.Decode(file));
        var packets = Mp4Kit.Packets(file, out var codecs);
        Assert.Equal(["h264", "opus"], codecs);
        var video = packets.Where(p => p.Stream == 0).ToList();
        var audio = packets.Where(p => p.Stream == 1).ToList();
        Assert.Equal((125, 247), (video.Count, audio.Count));
        Assert.Equal((0.0, 0.06), (video[0].Time, audio[0].Time));
        var written = WrittenSample.Read(file);
        Assert.All(written, w => Assert.Equal(w.Track == Mp4Kit.Video ? 3600 : 960, w.Duration));
        Assert.Equal([0.0, 2.0, 4.0], video.Where(p => p.Key).Select(p => p.Time));
        Assert.Equal(4.96, video[^1].Time, 5);
        Assert.Equal(5, infos.Count);
    }

    [Fact]
    public void File_H264AndPcmu_Plays() => AssertPlays([Mp4Kit.H264, Mp4Kit.Pcmu], Mp4Kit.ClipVideo(50).Concat(Mp4Kit.Telephone(100)), "h264", "pcm_mulaw");

    [Fact]
    public void File_H264AndAac_Plays()
    {
        var aac = Mp4Kit.AacFrames(2).Select((f, i) => new TestSample(Mp4Kit.Audio, f, TimeSpan.FromSeconds(i * 1024 / 48000.0)));
        AssertPlays([Mp4Kit.H264, new(Mp4Kit.Audio, TrackFormat.Default(Codec.Aac))], Mp4Kit.ClipVideo(50).Concat(aac), "h264", "aac");
    }

    [Fact]
    public void File_Vp8AndPcma_Plays()
    {
        var frame = StillPicture.Load().Vp8.ToArray();
        var video = Enumerable.Range(0, 20).Select(i => new TestSample(Mp4Kit.Video, frame, Mp4Kit.Ms(40 * i)));
        var pcma = new Mp4Track(Mp4Kit.Audio, TrackFormat.Default(Codec.Pcma));
        AssertPlays([Mp4Kit.Vp8, pcma], video.Concat(Mp4Kit.Telephone(40, 0xD5)), "vp8", "pcm_alaw");
    }

    [Fact]
    public void File_SoundAlone_Plays() => AssertPlays([Mp4Kit.Opus], Mp4Kit.ClipOpus(150), "opus");

    [Fact]
    public void File_PictureAlone_Plays() => AssertPlays([Mp4Kit.H264], Mp4Kit.ClipVideo(75), "h264");

    [Fact]
    public void File_EachSampleAlone_Plays()
    {
        var samples = Mp4Kit.ClipVideo(25).Concat(Mp4Kit.ClipOpus(50));
        var file = Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, FragmentOptions.EachSample, out var infos);
        Assert.Equal(75, infos.Count);
        Assert.Equal("", Mp4Kit.Decode(file));
    }

    [Fact]
    public void File_G722_DecodesToTheTone()
    {
        var encoder = new G722Encoder();
        var samples = new List<TestSample>();
        for (var i = 0; i < 50; i++)
        {
            var (pcm, payload) = (new short[320], new byte[160]);
            for (var n = 0; n < 320; n++) pcm[n] = (short)(8000 * Math.Sin((i * 320 + n) * 2 * Math.PI * 1000 / 16000));
            encoder.Encode(pcm, payload);
            samples.Add(new TestSample(Mp4Kit.Audio, payload, Mp4Kit.Ms(20 * i)));
        }

        var file = Mp4Kit.File([new(Mp4Kit.Audio, TrackFormat.Default(Codec.G722))], samples, Second, out _);
        var packets = Mp4Kit.Packets(file, out var codecs);
        Assert.Equal(["adpcm_g722"], codecs);
        for (var i = 0; i < 50; i++) Assert.Equal(0.02 * i, packets[i].Time, 5);
        var heard = Mp4Kit.Listen(file);
        Assert.Equal(16000, heard.Length);
        Assert.True(Goertzel.Hears(heard, 16000, 1000, 0.2));
    }

    [Fact]
    public void File_HoleOfThreeSeconds_IsKept()
    {
        var later = Mp4Kit.Ms(5000);
        var video = Mp4Kit.ClipVideo(50).Concat(Mp4Kit.ClipVideo(50, later).Select((s, i) => s with { AfterGap = i == 0 }));
        var audio = Mp4Kit.ClipOpus(100).Concat(Mp4Kit.ClipOpus(100, later).Select((s, i) => s with { AfterGap = i == 0 }));
        var file = Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], video.Concat(audio), Second, out _);
        Assert.Equal("", Mp4Kit.Decode(file));
        foreach (var stream in Mp4Kit.Packets(file, out _).GroupBy(p => p.Stream))
        {
            var packets = stream.ToList();
            var hole = packets.FindIndex(p => Math.Abs(p.Time - 5) < 1e-4);
            Assert.Equal(packets.Count / 2, hole);
            Assert.InRange(packets[hole - 1].Time, 1.95, 1.99);
        }

        var ends = WrittenSample.Read(file).GroupBy(w => w.Track).Select(t => t.Max(w => (double)w.End) / (t.Key == Mp4Kit.Video ? 90000 : 48000));
        Assert.All(ends, end => Assert.Equal(7.0, end, 4));
        Assert.All(WrittenSample.Read(file), w => Assert.Equal(w.Track == Mp4Kit.Video ? 3600 : 960, w.Duration));
    }

    private static void AssertPlays(Mp4Track[] tracks, IEnumerable<TestSample> samples, params string[] expected)
    {
        var list = samples.ToList();
        var file = Mp4Kit.File(tracks, list, Second, out _);
        Assert.Equal("", Mp4Kit.Decode(file));
        var packets = Mp4Kit.Packets(file, out var codecs);
        Assert.Equal(expected, codecs);
        Assert.Equal(list.Count, packets.Count);
        foreach (var (index, track) in tracks.Index())
        {
            var times = list.Where(s => s.Track == track.Id).Select(s => s.Time.TotalSeconds).ToList();
            var read = packets.Where(p => p.Stream == index).Select(p => p.Time).ToList();
            for (var i = 0; i < times.Count; i++) Assert.Equal(times[i], read[i], 4);
        }
    }
}
