using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs.Demo;

/// <summary>Payloads of 20 ms of silence.</summary>
internal static class SilenceSource
{
    private const int TelephoneBytes = 160;

    // G.711 codes of the smallest positive sample. RFC 6716 section 3.1: CELT, fullband, 20 ms, mono, one empty frame.
    private static readonly byte[] Pcmu = Filled(0xFF);
    private static readonly byte[] Pcma = Filled(0xD5);
    private static readonly byte[] G722 = EncodedG722();
    private static readonly byte[] Opus = [0xF8, 0xFF, 0xFE];

    /// <summary>The payload for a codec; empty where there is none (video, AAC).</summary>
    public static ReadOnlyMemory<byte> Payload(Codec codec) => codec switch
    {
        Codec.Pcmu => Pcmu,
        Codec.Pcma => Pcma,
        Codec.G722 => G722,
        Codec.Opus => Opus,
        _ => default,
    };

    private static byte[] Filled(byte value)
    {
        var payload = new byte[TelephoneBytes];
        payload.AsSpan().Fill(value);
        return payload;
    }

    // The encoder settles within the first packets; what it says then can be repeated.
    private static byte[] EncodedG722()
    {
        var encoder = new G722Encoder();
        var samples = new short[2 * TelephoneBytes];
        var payload = new byte[TelephoneBytes];
        for (var i = 0; i < 50; i++) encoder.Encode(samples, payload);
        return payload;
    }
}
