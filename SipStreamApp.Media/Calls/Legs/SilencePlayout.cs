using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// What the engine sends into a call of its own: silence, and a small still picture now and then. Peers and NATs that wait for a first
/// packet begin to send, and PBXs that hang up on silence do not.
/// </summary>
internal sealed class SilencePlayout(StillPicture still, TrackFormat? audio, TrackFormat? video, MediaFramePool pool, Instant start)
{
    private const int PacketMs = 20;

    // Opus in its discontinuous mode sends one packet in 400 ms of silence (RFC 6716 section 2.1.9).
    private const int OpusPauseMs = 400;

    // Often at first, for NATs and for phones that show nothing before the first keyframe; then rarely.
    private const int QuickPictures = 5;
    private const int QuickPictureMs = 1000;
    private const int PictureMs = 5000;

    private long _soundMs;
    private long _pictureMs;
    private long _pictures;

    /// <summary>When the next frame is due.</summary>
    public Instant NextDeadline => Instant.Min(SoundDue, PictureDue);

    private Instant SoundDue => audio is null ? Instant.Never : start + TimeSpan.FromMilliseconds(_soundMs);

    private Instant PictureDue => video is null ? Instant.Never : start + TimeSpan.FromMilliseconds(_pictureMs);

    /// <summary>Takes the next frame that is due; the caller owns its lease.</summary>
    public bool TryTake(Instant now, out MediaFrame frame)
    {
        frame = null!;
        if (NextDeadline > now) return false;
        frame = SoundDue <= PictureDue ? Sound(audio!, now) : Picture(video!, now);
        return true;
    }

    private MediaFrame Sound(TrackFormat format, Instant now)
    {
        var frame = Fill(format, SilenceSource.Payload(format.Codec).Span, _soundMs, now);
        _soundMs += format.Codec == Codec.Opus && _soundMs >= OpusPauseMs ? OpusPauseMs : PacketMs;
        return frame;
    }

    private MediaFrame Picture(TrackFormat format, Instant now)
    {
        var bytes = format.Codec == Codec.Vp8 ? still.Vp8 : still.H264(_pictures);
        var frame = Fill(format, bytes.Span, _pictureMs, now);
        _pictureMs += ++_pictures < QuickPictures ? QuickPictureMs : PictureMs;
        return frame;
    }

    private MediaFrame Fill(TrackFormat format, ReadOnlySpan<byte> bytes, long atMs, Instant now)
    {
        var frame = pool.Rent(bytes.Length, out var room);
        bytes.CopyTo(room);
        frame.Complete(format, bytes.Length, true, atMs * format.ClockRate / 1000, TimeSpan.FromMilliseconds(atMs), now);
        return frame;
    }
}
