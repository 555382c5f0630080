// RFC 4733 section 2.5.1: sending events.
namespace SipStreamApp.Media.Codecs;

/// <summary>
/// Writes the packets of one key press: one per packet interval, all with the timestamp of the beginning, the last one three times.
/// </summary>
internal sealed class TelephoneEventSender
{
    private const int Copies = 3;
    private const int LongestDuration = 0xFFFF;

    private byte _code;
    private int _total;
    private int _interval;
    private int _sent;
    private int _endsLeft;

    /// <summary>True while a press is being sent.</summary>
    public bool IsActive => _endsLeft > 0;

    /// <summary>Starts a press. False for a character that is no key.</summary>
    /// <param name="key">0-9, *, #, A-D.</param>
    /// <param name="durationTicks">Length in ticks of the RTP clock; cut to what the field can say (8 s at 8 kHz).</param>
    /// <param name="intervalTicks">Packet interval in ticks (160 for 20 ms at 8 kHz).</param>
    public bool Begin(char key, int durationTicks, int intervalTicks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intervalTicks, 1);
        if (!TelephoneEvent.TryGetCode(key, out _code)) return false;
        _total = Math.Clamp(durationTicks, intervalTicks, LongestDuration);
        (_interval, _sent, _endsLeft) = (intervalTicks, 0, Copies);
        return true;
    }

    /// <summary>Breaks the press off: nothing more is written for it.</summary>
    public void Stop() => _endsLeft = 0;

    /// <summary>Writes the next packet; the caller sends one per interval, with the timestamp of the first. False when over.</summary>
    /// <param name="target">Room for <see cref="TelephoneEvent.Length"/> bytes.</param>
    /// <param name="marker">The RTP marker bit: set on the first packet.</param>
    public bool TryNext(Span<byte> target, out bool marker)
    {
        marker = false;
        if (_endsLeft == 0) return false;
        marker = _sent == 0;
        _sent = Math.Min(_sent + _interval, _total);
        // A press of one interval still shows a packet without the end bit first, which some receivers wait for.
        var isEnd = _sent == _total && !marker;
        new TelephoneEvent(_code, isEnd, 10, _sent).Write(target);
        if (isEnd) _endsLeft--;
        return true;
    }
}
