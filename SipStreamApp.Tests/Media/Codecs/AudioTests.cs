using System.Runtime.InteropServices;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class AudioTests
{
    [Fact]
    public void G711_AllSamples_AgreeWithFfmpeg()
    {
        var samples = Enumerable.Range(short.MinValue, 65536).Select(i => (short)i).ToArray();
        var codes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var (mine, pcm) = (new byte[65536], new short[256]);

        G711.DecodeMu(codes, pcm);
        Assert.Equal(Bytes(pcm), FfmpegTool.Run(codes, "-f mulaw -ar 8000 -ac 1", "-f s16le"));
        G711.DecodeA(codes, pcm);
        Assert.Equal(Bytes(pcm), FfmpegTool.Run(codes, "-f alaw -ar 8000 -ac 1", "-f s16le"));

        // A segment's step is a sixteenth of its lower end (plus the bias), so the error is half of that; above the clip level it grows.
        var back = new short[65536];
        G711.EncodeMu(samples, mine);
        G711.DecodeMu(mine, back);
        foreach (var (sample, decoded) in samples.Zip(back))
            if (Math.Abs(sample - decoded) > (Math.Abs((int)sample) + 132) / 32 + 4) Assert.Fail($"mu-law: {sample} became {decoded}");
        G711.EncodeA(samples, mine);
        G711.DecodeA(mine, back);
        foreach (var (sample, decoded) in samples.Zip(back))
            if (Math.Abs(sample - decoded) > Math.Abs((int)sample) / 32 + 16) Assert.Fail($"A-law: {sample} became {decoded}");
    }

    [Fact]
    public void G711_EveryCode_SurvivesDecodingAndEncoding()
    {
        var codes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var (pcm, back) = (new short[256], new byte[256]);
        G711.DecodeA(codes, pcm);
        G711.EncodeA(pcm, back);
        Assert.Equal(codes, back);
        G711.DecodeMu(codes, pcm);
        G711.EncodeMu(pcm, back);
        // Mu-law has a positive and a negative zero; the negative one comes back as the positive.
        codes[0x7F] = 0xFF;
        Assert.Equal(codes, back);
    }

    [Fact]
    public void G722_ToneAndNoise_DecodeExactlyAsFfmpegDoes()
    {
        var (samples, random) = (new short[32000], new Random(6));
        PcmTone.Fill(samples, 16000, 0);
        for (var i = 16000; i < samples.Length; i++) samples[i] = (short)random.Next(-32768, 32767);
        var (codes, pcm) = (new byte[16000], new short[32000]);
        Assert.Equal(16000, new G722Encoder().Encode(samples, codes));
        Assert.Equal(32000, new G722Decoder().Decode(codes, pcm));
        Assert.Equal(Bytes(pcm), FfmpegTool.Run(codes, "-f g722", "-f s16le"));
        Assert.Equal(FfmpegTool.Run(Bytes(samples), "-f s16le -ar 16000 -ac 1", "-c:a g722 -f g722"), codes);
    }

    [Theory]
    [InlineData(Codec.Pcmu, 8000)]
    [InlineData(Codec.Pcma, 8000)]
    [InlineData(Codec.G722, 16000)]
    public void Tone_ThroughEachCodec_IsHeard(Codec codec, int rate)
    {
        var (samples, codes, back) = (new short[rate], new byte[8000], new short[rate]);
        PcmTone.Fill(samples, rate, 0);
        switch (codec)
        {
            case Codec.Pcmu: G711.EncodeMu(samples, codes); G711.DecodeMu(codes, back); break;
            case Codec.Pcma: G711.EncodeA(samples, codes); G711.DecodeA(codes, back); break;
            default: new G722Encoder().Encode(samples, codes); new G722Decoder().Decode(codes, back); break;
        }

        Assert.True(Goertzel.Hears(back.AsSpan(rate / 50, rate / 25), rate, PcmTone.BeepHz, 0.4));
        Assert.True(Goertzel.Hears(back.AsSpan(rate / 2, rate / 4), rate, PcmTone.ToneHz, 0.08));
        Assert.False(Goertzel.Hears(back.AsSpan(rate / 2, rate / 4), rate, PcmTone.BeepHz));
    }

    [Theory]
    [InlineData(0x00, 480)]
    [InlineData(0x08, 960)]
    [InlineData(0x10, 1920)]
    [InlineData(0x18, 2880)]
    [InlineData(0x58, 2880)]
    [InlineData(0x60, 480)]
    [InlineData(0x78, 960)]
    [InlineData(0x80, 120)]
    [InlineData(0x88, 240)]
    [InlineData(0xF0, 480)]
    [InlineData(0xF8, 960)]
    [InlineData(0xF9, 1920)]
    [InlineData(0xFA, 1920)]
    public void OpusPacket_Toc_GivesTheDuration(byte toc, int samples) => Assert.Equal(samples, OpusPacket.Samples([toc, 0]));

    [Fact]
    public void OpusPacket_ManyFrames_AreBoundedTo120Milliseconds()
    {
        Assert.Equal(5760, OpusPacket.Samples([0xFB, 6]));
        Assert.Equal(0, OpusPacket.Samples([0xFB, 7]));
        Assert.Equal(0, OpusPacket.Samples([0xFB]));
        Assert.Equal(0, OpusPacket.Samples([]));
        Assert.True(OpusPacket.IsStereo(0xFC));
    }

    [Fact]
    public void Depacketize_Sound_PassesPayloadsOnAndMarksGaps()
    {
        var depacketizer = Depacketizer.Create(TrackFormat.Default(Codec.Opus), new MediaFramePool());
        depacketizer.Push([0xF8, 1], false, 0, false, Instant.Zero);
        depacketizer.Push([0xF8, 2], false, 2880, true, Instant.Zero);
        depacketizer.Push([0xF8, 3], false, 3840, false, Instant.Zero);
        var frames = CodecKit.Drain(depacketizer);
        CodecKit.AssertSame([[0xF8, 1], [0xF8, 2], [0xF8, 3]], frames);
        Assert.Equal([false, true, false], frames.Select(f => f.AfterGap));
        Assert.All(frames, f => Assert.True(f.IsKeyframe));
        var packets = CodecKit.Packetize(new AudioPacketizer(), TrackFormat.Default(Codec.Opus), frames[1].Bytes, 100);
        Assert.Equal(frames[1].Bytes, Assert.Single(packets).Bytes);
    }

    [Fact]
    public void Silence_EachCodec_Is20MillisecondsAndQuiet()
    {
        foreach (var codec in (Codec[])[Codec.Pcmu, Codec.Pcma, Codec.G722, Codec.Opus])
            Assert.Equal(codec == Codec.Opus ? 960 : 160, AudioDuration.Ticks(codec, SilenceSource.Payload(codec).Span));
        var pcm = new short[320];
        G711.DecodeMu(SilenceSource.Payload(Codec.Pcmu).Span, pcm);
        Assert.All(pcm, s => Assert.InRange((int)s, -8, 8));
        G711.DecodeA(SilenceSource.Payload(Codec.Pcma).Span, pcm);
        Assert.All(pcm, s => Assert.InRange((int)s, -8, 8));
        var decoder = new G722Decoder();
        for (var i = 0; i < 100; i++)
        {
            decoder.Decode(SilenceSource.Payload(Codec.G722).Span, pcm);
            Assert.False(pcm.AsSpan().ContainsAnyExceptInRange((short)-40, (short)40));
        }

        var opus = Enumerable.Repeat(SilenceSource.Payload(Codec.Opus).ToArray(), 50).ToList();
        var decoded = FfmpegTool.Run(FfmpegTool.Ogg(opus), "-f ogg", "-ac 1 -ar 48000 -f s16le");
        Assert.InRange(decoded.Length, 2 * 48000 - 1920, 2 * 48000);
        Assert.False(decoded.AsSpan().ContainsAnyExcept((byte)0));
        Assert.True(SilenceSource.Payload(Codec.H264).IsEmpty);
    }

    [Fact]
    public void SoundPath_WarmedUp_AllocatesNothing()
    {
        var (pool, packetizer, room) = (new MediaFramePool(), new AudioPacketizer(), new byte[1200]);
        var depacketizer = Depacketizer.Create(TrackFormat.Default(Codec.G722), pool);
        var (encoder, decoder, pcm, code) = (new G722Encoder(), new G722Decoder(), new short[320], new byte[160]);
        for (var i = 0; i < 100; i++) Cycle(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++) Cycle(300 + i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, pool.Outstanding);

        void Cycle(long i)
        {
            PcmTone.Fill(pcm, 16000, i * 320);
            encoder.Encode(pcm, code);
            depacketizer.Push(code, false, i * 160, false, Instant.Zero);
            while (depacketizer.TryTake(out var taken))
            {
                var frame = taken.Complete(TimeSpan.Zero);
                packetizer.Begin(frame, room.Length);
                while (packetizer.TryNext(room, out var length, out _)) decoder.Decode(room.AsSpan(0, length), pcm);
                frame.Release();
            }
        }
    }

    private static byte[] Bytes(short[] samples) => MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
}
