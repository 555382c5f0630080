using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>What ffmpeg writes for the codec of a derived track, and how that is cut into frames.</summary>
internal abstract class TargetCodec
{
    /// <summary>ffmpeg's options in front of the output.</summary>
    public abstract string[] OutputOptions { get; }

    /// <summary>True once the bytes made no sense; the source has to be started anew.</summary>
    public virtual bool IsBroken => false;

    /// <summary>Codecs that can be made.</summary>
    public static bool CanMake(Codec codec) => codec is Codec.Aac or Codec.Opus or Codec.Pcmu or Codec.Pcma or Codec.G722;

    public static TargetCodec Create(Codec codec, TrackFormat source) => codec == Codec.Aac ? new AacTarget(AacFormat.For(source).Channels) : new PacketTarget(codec);

    /// <summary>Room for the next bytes; tell by <see cref="Wrote"/> how many came.</summary>
    public abstract Memory<byte> Room();

    public abstract void Wrote(int count);

    /// <summary>The next whole frame, valid until the next call of <see cref="Room"/>.</summary>
    public abstract bool TryRead(out ReadOnlySpan<byte> frame, out TrackFormat format);

    /// <summary>Where frame <paramref name="index"/> begins, in samples of the source at 48 kHz; negative for what the encoder puts in front.</summary>
    public abstract long SampleOf(long index);

    /// <summary>The same on the track's own media clock.</summary>
    public abstract long TicksOf(long index);
}

/// <summary>AAC-LC in ADTS.</summary>
internal sealed class AacTarget(int channels) : TargetCodec
{
    private readonly AdtsReader _adts = new();

    public override string[] OutputOptions =>
        ["-c:a", "aac", "-ar", "48000", "-ac", channels == 1 ? "1" : "2", "-b:a", channels == 1 ? "64k" : "96k", "-f", "adts"];

    public override bool IsBroken => _adts.IsBroken;

    public override Memory<byte> Room() => _adts.Room();

    public override void Wrote(int count) => _adts.Wrote(count);

    public override bool TryRead(out ReadOnlySpan<byte> frame, out TrackFormat format)
    {
        var isRead = _adts.TryRead(out frame, out var seen);
        format = AdtsReader.FormatOf(isRead ? seen : channels);
        return isRead;
    }

    // The encoder begins with one frame of priming, so frame n holds the 1024 samples from (n - 1) * 1024 on.
    public override long SampleOf(long index) => (index - 1) * AacFormat.FrameSamples;

    public override long TicksOf(long index) => SampleOf(index);
}

/// <summary>
/// The telephone's codecs: 64 kbit/s in all of them, so that 20 ms are 160 bytes and nothing has to be written between the packets. Opus
/// is made at a constant rate for that.
/// </summary>
internal sealed class PacketTarget(Codec codec) : TargetCodec
{
    private const int PacketBytes = 160;
    private const int PacketSamples = 960;

    // libopus looks ahead 6.5 ms: that much of what comes out first is from before the beginning.
    private const int OpusLookAhead = 312;

    private readonly TrackFormat _format = TrackFormat.Default(codec);
    private readonly byte[] _data = new byte[4096];
    private int _start;
    private int _end;

    public override string[] OutputOptions => codec switch
    {
        Codec.Pcmu => ["-ar", "8000", "-ac", "1", "-f", "mulaw"],
        Codec.Pcma => ["-ar", "8000", "-ac", "1", "-f", "alaw"],
        Codec.G722 => ["-ar", "16000", "-ac", "1", "-f", "g722"],
        _ => ["-ar", "48000", "-ac", "1", "-c:a", "libopus", "-b:a", "64k", "-vbr", "off", "-frame_duration", "20", "-f", "data"],
    };

    public override Memory<byte> Room()
    {
        _data.AsSpan(_start, _end - _start).CopyTo(_data);
        (_start, _end) = (0, _end - _start);
        return _data.AsMemory(_end);
    }

    public override void Wrote(int count) => _end += count;

    public override bool TryRead(out ReadOnlySpan<byte> frame, out TrackFormat format)
    {
        frame = default;
        format = _format;
        if (_end - _start < PacketBytes) return false;
        frame = _data.AsSpan(_start, PacketBytes);
        _start += PacketBytes;
        return true;
    }

    public override long SampleOf(long index) => index * PacketSamples - (codec == Codec.Opus ? OpusLookAhead : 0);

    public override long TicksOf(long index) => index * PacketSamples * _format.ClockRate / 48000;
}
