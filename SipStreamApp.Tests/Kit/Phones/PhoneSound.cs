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

    // Its coder remembers what it coded before: ten seconds in one go.
    private static readonly Lazy<byte[][]> Wideband = new(() =>
    {
        var coder = new G722Encoder();
        return [.. Enumerable.Range(0, 500).Select(i =>
        {
            var (samples, bytes) = (new short[320], new byte[160]);
            PcmTone.Fill(samples, 16000, i * 320L);
            coder.Encode(samples, bytes);
            return bytes;
        })];
    });

    /// <summary>Packet <paramref name="index"/> of 20 ms in that codec.</summary>
    public static ReadOnlyMemory<byte> Demo(Codec codec, long index)
    {
        if (codec == Codec.Opus) return Clip.OpusPacket(index);
        if (codec == Codec.G722) return Wideband.Value[index % Wideband.Value.Length];
        var (samples, bytes) = (new short[160], new byte[160]);
        PcmTone.Fill(samples, 8000, index * samples.Length);
        if (codec == Codec.Pcma) G711.EncodeA(samples, bytes);
        else G711.EncodeMu(samples, bytes);
        return bytes;
    }
}
