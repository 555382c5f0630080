using System.Buffers;
using System.Runtime.InteropServices;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>What ffmpeg reads for one codec: samples as they are for the telephone's codecs, Ogg pages for Opus.</summary>
internal abstract class FeedCodec
{
    /// <summary>Samples per second that are counted.</summary>
    public abstract int Rate { get; }

    /// <summary>ffmpeg's options in front of the input.</summary>
    public abstract string[] InputOptions { get; }

    public static FeedCodec Create(TrackFormat format) => format.Codec switch
    {
        Codec.Opus => new OpusFeed(Math.Clamp(format.Channels, 1, 2)),
        var codec => new PcmFeed(codec),
    };

    /// <summary>Writes one payload; the samples it holds, 0 where it is malformed and nothing was written.</summary>
    public abstract int Write(ReadOnlySpan<byte> payload, IBufferWriter<byte> output);

    /// <summary>Writes at most so many samples of silence; how many they were.</summary>
    public abstract int WriteSilence(int samples, IBufferWriter<byte> output);
}

/// <summary>G.711 and G.722, decoded here: silence of any length can be put between.</summary>
internal sealed class PcmFeed(Codec codec) : FeedCodec
{
    private readonly G722Decoder? _wideband = codec == Codec.G722 ? new G722Decoder() : null;

    public override int Rate => _wideband is null ? 8000 : 16000;

    public override string[] InputOptions => ["-f", "s16le", "-ar", _wideband is null ? "8000" : "16000", "-ac", "1"];

    public override int Write(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var samples = payload.Length * (_wideband is null ? 1 : 2);
        var bytes = output.GetSpan(samples * 2)[..(samples * 2)];
        var target = MemoryMarshal.Cast<byte, short>(bytes);
        if (_wideband is not null) _wideband.Decode(payload, target);
        else if (codec == Codec.Pcma) G711.DecodeA(payload, target);
        else G711.DecodeMu(payload, target);
        output.Advance(bytes.Length);
        return samples;
    }

    public override int WriteSilence(int samples, IBufferWriter<byte> output)
    {
        output.GetSpan(samples * 2)[..(samples * 2)].Clear();
        output.Advance(samples * 2);
        return samples;
    }
}

/// <summary>Opus in Ogg; silence in steps of 2.5 ms.</summary>
internal sealed class OpusFeed(int channels) : FeedCodec
{
    private readonly OggOpusWriter _ogg = new();
    private bool _begun;

    public override int Rate => 48000;

    public override string[] InputOptions => ["-f", "ogg"];

    public override int Write(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        if (!_begun) _ogg.WriteHead(channels, output);
        _begun = true;
        var samples = OpusPacket.Samples(payload);
        // A packet without a frame is what DTX leaves; decoders differ over it, silence says the same.
        if (samples > 0 && payload.Length <= 2) return WriteSilence(samples, output);
        return samples > 0 && _ogg.WritePacket(payload, samples, output) ? samples : 0;
    }

    public override int WriteSilence(int samples, IBufferWriter<byte> output)
    {
        var written = 0;
        Span<byte> packet = stackalloc byte[3];
        SilenceSource.Payload(Codec.Opus).Span.CopyTo(packet);
        // RFC 6716 table 2: configurations 28 to 31 are CELT, fullband, 2.5, 5, 10 and 20 ms.
        for (var config = 31; config >= 28; config--)
        {
            packet[0] = (byte)(config << 3);
            var length = OpusPacket.FrameSamples(packet[0]);
            for (; samples - written >= length; written += length) _ogg.WritePacket(packet, length, output);
        }

        return written;
    }
}
