// RFC 4733 section 2.5.2: receiving events. All packets of one event bear the timestamp of its beginning.
namespace SipStreamApp.Media.Codecs;

/// <summary>Turns event packets into one key per press, however many packets came, were lost or came late.</summary>
internal sealed class TelephoneEventReceiver
{
    private const int LongestSegment = 0xFFFF;
    private const int MaxReady = 32;

    private readonly Queue<char> _ready = new(MaxReady);
    private long _ticks = long.MinValue;
    private TelephoneEvent _last;

    /// <summary>Takes the payload of an event packet.</summary>
    /// <param name="payload">RTP payload.</param>
    /// <param name="mediaTicks">The RTP timestamp without its wrap.</param>
    public void Push(ReadOnlySpan<byte> payload, long mediaTicks)
    {
        if (!TelephoneEvent.TryParse(payload, out var value) || mediaTicks < _ticks) return;
        // Section 2.5.1.3: a press longer than the duration field can say goes on in a new segment, as if it were another event.
        var goesOn = mediaTicks == _ticks || (value.Event == _last.Event && !_last.IsEnd && mediaTicks == _ticks + LongestSegment);
        (_ticks, _last) = (mediaTicks, value);
        if (!goesOn && value.Key is { } key && _ready.Count < MaxReady) _ready.Enqueue(key);
    }

    /// <summary>Takes the next key pressed. It is known from the first packet of the press on.</summary>
    public bool TryTake(out char key) => _ready.TryDequeue(out key);
}
