using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Demo;

/// <summary>
/// Plays the demo clip in real time, round after round: says which frame is due. What is behind is handed out at once, so a late tick
/// costs a burst and never a drift between sound and picture.
/// </summary>
internal sealed class DemoPlayout(DemoClip clip, TrackFormat? audio, TrackFormat? video, MediaFramePool pool, Instant start)
{
    private const int PacketsPerPicture = 2;
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KeyframeSpacing = TimeSpan.FromMilliseconds(500);

    private readonly G722Encoder _g722 = new();
    private readonly short[] _samples = new short[320];
    private long _sound;
    private long _picture;
    private long _skipped;
    private Instant _keyframeAt;

    /// <summary>When the next frame is due.</summary>
    public Instant NextDeadline => Instant.Min(SoundDue, PictureDue);

    private Instant SoundDue => audio is null ? Instant.Never : start + PacketTime * _sound;

    private Instant PictureDue => video is null ? Instant.Never : start + PacketTime * (PacketsPerPicture * _picture);

    /// <summary>Goes on at the next keyframe of the clip, sound with picture so that they stay together.</summary>
    public void RequestKeyframe(Instant now)
    {
        if (video is null || now - _keyframeAt < KeyframeSpacing) return;
        while (!clip.IsKeyframe(_picture + _skipped)) _skipped++;
    }

    /// <summary>Takes the next frame that is due; the caller owns its lease.</summary>
    public bool TryTake(Instant now, out MediaFrame frame)
    {
        frame = null!;
        if (NextDeadline > now) return false;
        frame = SoundDue <= PictureDue ? NextSound(audio!) : NextPicture(video!);
        return true;
    }

    private MediaFrame NextPicture(TrackFormat format)
    {
        var due = PictureDue;
        var index = _picture + _skipped;
        var data = clip.VideoFrame(index).Span;
        var frame = pool.Rent(data.Length, out var room);
        data.CopyTo(room);
        if (clip.IsKeyframe(index)) _keyframeAt = due;
        var at = PacketTime * (PacketsPerPicture * _picture++);
        frame.Complete(format, data.Length, clip.IsKeyframe(index), at.Ticks * format.ClockRate / TimeSpan.TicksPerSecond, at, due);
        return frame;
    }

    private MediaFrame NextSound(TrackFormat format)
    {
        var due = SoundDue;
        var index = _sound + PacketsPerPicture * _skipped;
        var packet = clip.OpusPacket(index).Span;
        var frame = pool.Rent(Math.Max(packet.Length, _samples.Length), out var room);
        var length = packet.Length;
        if (format.Codec == Codec.Opus) packet.CopyTo(room);
        else length = Encode(format.Codec, index, room);
        var at = PacketTime * _sound++;
        frame.Complete(format, length, true, at.Ticks * format.ClockRate / TimeSpan.TicksPerSecond, at, due);
        return frame;
    }

    private int Encode(Codec codec, long packet, Span<byte> room)
    {
        var rate = codec == Codec.G722 ? 16000 : 8000;
        var samples = _samples.AsSpan(0, rate / 50);
        PcmTone.Fill(samples, rate, packet * samples.Length);
        return codec switch
        {
            Codec.G722 => _g722.Encode(samples, room),
            Codec.Pcma => G711.EncodeA(samples, room),
            _ => G711.EncodeMu(samples, room),
        };
    }
}
