using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>Says which stream time it is now, from when frames of which time arrived: by the quickest of the last seconds.</summary>
internal sealed class StreamTimeClock
{
    // The clocks of the two ends drift, and a call's delay can grow for good: the quickest one is forgotten little by little.
    private static readonly TimeSpan Forget = TimeSpan.FromMilliseconds(1);

    private TimeSpan? _delay;

    public void Note(Instant arrivedAt, TimeSpan streamTime)
    {
        var delay = arrivedAt - Instant.Zero - streamTime;
        if (_delay is not { } known || delay < known || delay - known > TimeSpan.FromSeconds(2)) _delay = delay;
        else _delay = known + (delay - known < Forget ? delay - known : Forget);
    }

    /// <summary>Stream time at an instant; null before the first frame.</summary>
    public TimeSpan? At(Instant now) => _delay is { } delay ? now - Instant.Zero - delay : null;
}
