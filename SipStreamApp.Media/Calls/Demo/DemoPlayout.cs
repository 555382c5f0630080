using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Demo;

/// <summary>
/// Plays the demo clip in real time, round after round: says which frame is due. Pure: time is an argument, and what is behind is
/// handed out at once, so a late tick costs a burst and never a drift between sound and picture.
/// </summary>
internal sealed class DemoPlayout(DemoClip clip, TrackFormat? audio, TrackFormat? video, MediaFramePool pool, Instant start)
{
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    private readonly G722Encoder _g722 = new();
    private readonly short[] _samples = new short[960];
    private long _sound;
    private long _picture;

    /// <summary>When the next frame is due.</summary>
    public Instant NextDeadline => Instant.Min(SoundDue, PictureDue);

    private Instant SoundDue => audio is null ? Instant.Never : start + PacketTime * _sound;

    private Instant PictureDue => video is null ? Instant.Never : start + MediaSpan(clip.VideoTicks(_picture));

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
        var data = clip.VideoFrame(_picture).Span;
        var frame = pool.Rent(data.Length, out var room);
        data.CopyTo(room);
        var ticks = clip.VideoTicks(_picture);
        frame.Complete(format, data.Length, clip.IsKeyframe(_picture), ticks, MediaSpan(ticks), PictureDue);
        _picture++;
        return frame;
    }

    private MediaFrame NextSound(TrackFormat format)
    {
        var due = SoundDue;
        var frame = pool.Rent(1500, out var room);
        int length;
        if (format.Codec == Codec.Opus)
        {
            var packet = clip.OpusPacket(_sound).Span;
            packet.CopyTo(room);
            length = packet.Length;
        }
        else
        {
            var rate = format.Codec == Codec.G722 ? 16000 : 8000;
            var samples = _samples.AsSpan(0, rate / 50);
            PcmTone.Fill(samples, rate, _sound * samples.Length);
            length = format.Codec switch
            {
                Codec.G722 => _g722.Encode(samples, room),
                Codec.Pcma => G711.EncodeA(samples, room),
                _ => G711.EncodeMu(samples, room),
            };
        }

        frame.Complete(format, length, true, _sound * (format.ClockRate / 50), PacketTime * _sound, due);
        _sound++;
        return frame;
    }

    private static TimeSpan MediaSpan(long ticks90k) => TimeSpan.FromTicks(ticks90k * TimeSpan.TicksPerSecond / 90000);
}
