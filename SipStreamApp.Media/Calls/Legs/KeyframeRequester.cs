// RFC 4585 section 6.3.1 (PLI), RFC 5104 section 4.3.1 (FIR), RFC 5168 (SIP INFO picture_fast_update).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>How a keyframe is asked for.</summary>
internal enum KeyframeWay
{
    /// <summary>RTCP picture loss indication.</summary>
    Pli,

    /// <summary>RTCP full intra request.</summary>
    Fir,

    /// <summary>SIP INFO, for phones without RTCP feedback.</summary>
    Info,
}

/// <summary>
/// Finds out which way of asking a peer obeys: starts with PLI, tries the next way when no keyframe came in time, and stays with what
/// worked. Pure.
/// </summary>
internal sealed class KeyframeRequester(TimeSpan patience)
{
    private KeyframeWay _way;
    private Instant _askedAt = Instant.Never;
    private int _unanswered;

    /// <summary>When to ask again, if no keyframe comes.</summary>
    public Instant NextDeadline => _askedAt == Instant.Never || _unanswered > 8 ? Instant.Never : _askedAt + patience;

    /// <summary>Requests sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>Somebody wants a keyframe; true where a request is to be sent now, in that way.</summary>
    public bool TryAsk(Instant now, out KeyframeWay way)
    {
        way = _way;
        if (_askedAt != Instant.Never && now < _askedAt + patience) return false;
        if (_askedAt != Instant.Never)
        {
            // The last request was not obeyed: the peer may not know this way.
            _unanswered++;
            _way = (KeyframeWay)(((int)_way + 1) % 3);
        }

        way = _way;
        _askedAt = now;
        Sent++;
        return true;
    }

    /// <summary>A keyframe came: the way that was used last works.</summary>
    public void OnKeyframe() => (_askedAt, _unanswered) = (Instant.Never, 0);
}
