using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>Counts the frames of one track and keeps rates over the last full second.</summary>
internal sealed class TrackMeter
{
    private Instant _windowStart = Instant.Never;
    private long _windowBytes;
    private int _windowFrames;

    public TrackFormat? Format { get; private set; }

    public long Frames { get; private set; }

    public long Keyframes { get; private set; }

    public long Bytes { get; private set; }

    public int BitrateKbps { get; private set; }

    public double FramesPerSecond { get; private set; }

    public Instant LastFrameAt { get; private set; } = Instant.Never;

    public Instant LastKeyframeAt { get; private set; } = Instant.Never;

    /// <summary>Sets the format before the first frame, from the negotiation.</summary>
    public void Announce(TrackFormat? format) => Format = format;

    public void Count(MediaFrame frame, Instant now)
    {
        Format = frame.Format;
        Frames++;
        Bytes += frame.Length;
        LastFrameAt = now;
        if (frame.IsKeyframe)
        {
            Keyframes++;
            LastKeyframeAt = now;
        }

        Roll(now);
        _windowBytes += frame.Length;
        _windowFrames++;
    }

    /// <summary>Closes the window that has run for a second, so that a track that stopped shows zero.</summary>
    public void Roll(Instant now)
    {
        if (_windowStart == Instant.Never) _windowStart = now;
        var span = now - _windowStart;
        if (span < TimeSpan.FromSeconds(1)) return;
        BitrateKbps = (int)(_windowBytes * 8 / span.TotalMilliseconds);
        FramesPerSecond = _windowFrames / span.TotalSeconds;
        (_windowStart, _windowBytes, _windowFrames) = (now, 0, 0);
    }
}
