// RFC 4733 section 2.5.1: all packets of an event bear the timestamp of its beginning; the last one is sent three times.
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>The keys that wait to be pressed in a call's sound, and when which packet of them is due. The call's other sound pauses meanwhile. Pure.</summary>
internal sealed class DtmfPlayout
{
    /// <summary>Length of a press. RFC 4733 asks for 40 ms at least; gateways that make tones of it want more.</summary>
    public static readonly TimeSpan Press = TimeSpan.FromMilliseconds(160);

    /// <summary>Pause after a press, so that two of the same key are two.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(80);

    /// <summary>Most keys that may wait.</summary>
    public const int MaxWaiting = 128;

    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    private readonly Queue<(char Key, Action<bool>? Done)> _keys = new();
    private readonly TelephoneEventSender _sender = new();
    private Action<bool>? _done;
    private Instant _due = Instant.Never;
    private Instant _quietUntil = Instant.Zero;

    /// <summary>True from the first packet of a press to the end of the last pause: other sound has to wait.</summary>
    public bool IsActive => _due != Instant.Never;

    /// <summary>When there is something to do.</summary>
    public Instant NextDeadline => _due;

    /// <summary>Lets keys be pressed one after the other, behind those that wait; false where that would be too many.</summary>
    /// <param name="keys">0-9, *, #, A-D.</param>
    /// <param name="done">Told once: true when the last of them was sent, false where the call ended before.</param>
    /// <param name="now">The time.</param>
    public bool Enqueue(string keys, Action<bool> done, Instant now)
    {
        if (_keys.Count + keys.Length > MaxWaiting) return false;
        for (var i = 0; i < keys.Length; i++) _keys.Enqueue((keys[i], i == keys.Length - 1 ? done : null));
        if (_due == Instant.Never) _due = now;
        return true;
    }

    /// <summary>Writes the packet that is due, if any.</summary>
    /// <param name="now">The time.</param>
    /// <param name="eventRate">Clock of the telephone-event payload type, Hz.</param>
    /// <param name="payload">Room for <see cref="TelephoneEvent.Length"/> bytes.</param>
    /// <param name="begins">True for the first packet of a press: its timestamp is taken from the time line and kept for the rest.</param>
    public bool TryTake(Instant now, int eventRate, Span<byte> payload, out bool begins)
    {
        begins = false;
        while (_due <= now)
        {
            // Late ticks are not made up for: two packets of one press at once would say nothing new.
            if (now - _due > PacketTime) _due = now;
            if (_sender.TryNext(payload, out begins))
            {
                _due += PacketTime;
                return true;
            }

            if (_due < _quietUntil)
            {
                _due = _quietUntil;
                continue;
            }

            Report(true);
            if (!_keys.TryDequeue(out var next))
            {
                _due = Instant.Never;
                return false;
            }

            _done = next.Done;
            _quietUntil = _due + Press + Gap;
            _sender.Begin(next.Key, Ticks(Press, eventRate), Ticks(PacketTime, eventRate));
        }

        return false;
    }

    /// <summary>The call ended, or may no longer send: nothing more will be pressed.</summary>
    public void Clear()
    {
        Report(false);
        while (_keys.TryDequeue(out var key)) key.Done?.Invoke(false);
        _sender.Stop();
        (_due, _quietUntil) = (Instant.Never, Instant.Zero);
    }

    private static int Ticks(TimeSpan span, int rate) => (int)(span.Ticks * rate / TimeSpan.TicksPerSecond);

    private void Report(bool sent)
    {
        var done = _done;
        _done = null;
        done?.Invoke(sent);
    }
}
