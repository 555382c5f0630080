using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>A bucket of resends: a viewer on a bad line gets its repairs, and none can turn one small packet into a flood of big ones.</summary>
internal sealed class ResendBudget(int burst = 512, int perSecond = 1000)
{
    private double _left = burst;
    private Instant _at = Instant.Zero;

    public bool TryTake(Instant now)
    {
        _left = Math.Min(burst, _left + (now - _at).TotalSeconds * perSecond);
        _at = now;
        if (_left < 1) return false;
        _left--;
        return true;
    }
}
