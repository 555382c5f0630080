using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>Sound for test phones: a tone of 440 Hz with a beep on each full second, as in the demo clip.</summary>
internal static class PhoneSound
{
    private static readonly DemoClip Clip = DemoClip.Load();

    /// <summary>A lasting tone of that pitch, for the codecs without a memory (G.711).</summary>
    public static Func<Codec, long, ReadOnlyMemory<byte>> Tone(double hertz) => (codec, index) =>
    {
        var samples = new short[160];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(6000 * Math.Sin(2 * Math.PI * hertz * (index * 160 + i) / 8000));
        var bytes = new byte[160];
        _ = codec == Codec.Pcma ? G711.EncodeA(samples, bytes) : G711.EncodeMu(samples, bytes);
        return bytes;
    };

    /// <summary>Packet <paramref name="index"/> of 20 ms in that codec.</summary>
    public static ReadOnlyMemory<byte> Demo(Codec codec, long index)
    {
        if (codec == Codec.Opus) return Clip.OpusPacket(index);
        var rate = codec == Codec.G722 ? 16000 : 8000;
        var samples = new short[rate / 50];
        PcmTone.Fill(samples, rate, index * samples.Length);
        var bytes = new byte[160];
        _ = codec switch
        {
            Codec.G722 => new G722Encoder().Encode(samples, bytes),
            Codec.Pcma => G711.EncodeA(samples, bytes),
            _ => G711.EncodeMu(samples, bytes),
        };
        return bytes;
    }
}
