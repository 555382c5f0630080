using System.Buffers.Binary;
using System.Text;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class WavFileTests
{
    private const int Packet = 160;

    [Theory]
    [InlineData(8000, 1, true)]
    [InlineData(16000, 2, false)]
    [InlineData(48000, 1, true)]
    public void Pcm_AtAMultipleOf8Khz_KeepsItsTone(int rate, int channels, bool mu)
    {
        var data = new byte[rate * channels * 2];
        for (var i = 0; i < rate; i++)
            for (var c = 0; c < channels; c++)
                BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * (i * channels + c)), (short)(8000 * Math.Sin(2 * Math.PI * 700 * i / rate)));
        var codec = mu ? Codec.Pcmu : Codec.Pcma;
        var packets = WavFile.ToG711(Wav(1, channels, rate, 16, data), codec, Packet)!;
        Assert.Equal(8000, packets.Length);
        Assert.Equal(8000 / 32768.0, Goertzel.Amplitude(Decode(packets, mu), 8000, 700), 0.02);
    }

    [Theory]
    [InlineData(7, true, true)]
    [InlineData(6, false, true)]
    [InlineData(7, true, false)]
    public void Law_PassesOrIsConverted_AndTheLastPacketIsFilledUp(int kind, bool isMu, bool sameLaw)
    {
        var samples = Enumerable.Range(0, 1000).Select(i => (short)(4000 * Math.Sin(2 * Math.PI * i / 10))).ToArray();
        var data = new byte[1000];
        _ = isMu ? G711.EncodeMu(samples, data) : G711.EncodeA(samples, data);
        var toMu = sameLaw == isMu;
        var packets = WavFile.ToG711(Wav(kind, 1, 8000, 8, data), toMu ? Codec.Pcmu : Codec.Pcma, Packet)!;
        Assert.Equal(1120, packets.Length);
        if (sameLaw) Assert.Equal(data, packets[..1000]);
        var heard = Decode(packets, toMu);
        Assert.True(Goertzel.Hears(heard.AsSpan(0, 1000), 8000, 800));
        Assert.All(heard[1000..], s => Assert.InRange(s, -8, 8));
    }

    [Fact]
    public void WhatIsNotPlainWav_IsLeftToOthers()
    {
        Assert.Null(WavFile.ToG711([], Codec.Pcmu, Packet));
        Assert.Null(WavFile.ToG711("ID3 this is no WAV"u8, Codec.Pcmu, Packet));
        Assert.Null(WavFile.ToG711(Wav(1, 1, 44100, 16, new byte[2000]), Codec.Pcmu, Packet));
        Assert.Null(WavFile.ToG711(Wav(3, 1, 8000, 32, new byte[2000]), Codec.Pcmu, Packet));
        Assert.Null(WavFile.ToG711(Wav(1, 1, 8000, 16, []), Codec.Pcmu, Packet));
        Assert.Null(WavFile.ToG711(Wav(1, 1, 8000, 16, new byte[2000]).AsSpan(0, 30), Codec.Pcmu, Packet));
    }

    [Fact]
    public void CutOffFile_IsPlayedAsFarAsItGoes()
    {
        var whole = Wav(1, 1, 8000, 16, new byte[16000]);
        Assert.Equal(4000, WavFile.ToG711(whole.AsSpan(0, 44 + 8000), Codec.Pcma, Packet)!.Length);
    }

    internal static byte[] Wav(int kind, int channels, int rate, int bits, byte[] data)
    {
        using var file = new MemoryStream();
        using var w = new BinaryWriter(file);
        w.Write(Encoding.ASCII.GetBytes("RIFF"));
        w.Write(36 + data.Length);
        w.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        w.Write(16);
        w.Write((short)kind);
        w.Write((short)channels);
        w.Write(rate);
        w.Write(rate * channels * bits / 8);
        w.Write((short)(channels * bits / 8));
        w.Write((short)bits);
        w.Write(Encoding.ASCII.GetBytes("data"));
        w.Write(data.Length);
        w.Write(data);
        return file.ToArray();
    }

    private static short[] Decode(byte[] packets, bool mu)
    {
        var samples = new short[packets.Length];
        _ = mu ? G711.DecodeMu(packets, samples) : G711.DecodeA(packets, samples);
        return samples;
    }
}
