// RFC 4028: session timers. Whoever is "refresher" repeats the offer at half time; the other one hangs up when nothing comes.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>The session timer of one call.</summary>
internal sealed class SipSessionTimer : ISipTimerOwner
{
    private readonly SipCore _core;
    private readonly SipCall _call;
    private readonly SipTimer _refresh;
    private readonly SipTimer _expiry;
    private TimeSpan _interval;
    private TimeSpan _minSe;
    private bool _weRefresh;

    public SipSessionTimer(SipCore core, SipCall call)
    {
        (_core, _call) = (core, call);
        (_interval, _minSe) = (core.Options.SessionExpires, core.Options.MinSe);
        (_refresh, _expiry) = (new SipTimer(this), new SipTimer(this));
    }

    public bool IsWanted => _core.Options.SessionExpires > TimeSpan.Zero;

    public string MinSeText => Seconds(_core.Options.MinSe);

    private bool IsRunning => _expiry.IsSet;

    /// <summary>Headers of our INVITE, re-INVITE or UPDATE.</summary>
    public List<(string Name, string Value)> RequestHeaders()
    {
        if (!IsWanted) return [];
        // Within a session the one who refreshes stays the same (section 7.4); in the first INVITE the choice is left open.
        var refresher = IsRunning ? _weRefresh ? ";refresher=uac" : ";refresher=uas" : "";
        return [("Session-Expires", Seconds(_interval) + refresher), ("Min-SE", Seconds(_minSe))];
    }

    /// <summary>True for an interval below ours, from a caller who would understand a 422 (section 9).</summary>
    public bool IsTooSmall(SipMessage request) =>
        IsWanted && request.Number(SipHeader.SessionExpires) is { } seconds && seconds < _core.Options.MinSe.TotalSeconds
        && request.HasToken(SipHeader.Supported, "timer"u8);

    /// <summary>Headers of our 2xx to that request.</summary>
    public List<(string Name, string Value)> ResponseHeaders(SipMessage request)
    {
        if (!IsWanted || !Decide(request, out var interval, out var uasRefreshes)) return [];
        List<(string, string)> headers = [("Session-Expires", Seconds(interval) + (uasRefreshes ? ";refresher=uas" : ";refresher=uac"))];
        if (!uasRefreshes) headers.Add(("Require", "timer"));
        return headers;
    }

    /// <summary>We answered that request with 2xx.</summary>
    public void TakeRequest(SipMessage request, Instant now)
    {
        if (!IsWanted || !Decide(request, out var interval, out var uasRefreshes)) return;
        Arm(interval, uasRefreshes, now);
    }

    /// <summary>Our request was answered with 2xx.</summary>
    public void TakeResponse(SipMessage response, bool weAsked, Instant now)
    {
        if (!IsWanted) return;
        if (response.Number(SipHeader.SessionExpires) is { } seconds && seconds > 0)
        {
            var uas = Refresher(response) is "uas";
            Arm(TimeSpan.FromSeconds(seconds), weAsked != uas, now);
        }
        else if (weAsked)
        {
            // The far end knows no session timers: refreshing by ourselves still finds out whether it lives (section 7.2).
            Arm(_interval, true, now);
        }
    }

    /// <summary>Takes the larger minimum out of a 422; false where there is none.</summary>
    public bool Raise(SipMessage response)
    {
        if (response.Number(SipHeader.MinSe) is not { } seconds || TimeSpan.FromSeconds(seconds) <= _minSe) return false;
        _minSe = TimeSpan.FromSeconds(seconds);
        if (_interval < _minSe) _interval = _minSe;
        return true;
    }

    /// <summary>A refresh met another exchange: once more in a few seconds.</summary>
    public void RetrySoon(Instant now)
    {
        if (IsRunning && _weRefresh) _core.Timers.Set(_refresh, now + TimeSpan.FromSeconds(2 + _core.Random.NextDouble() * 2));
    }

    /// <summary>Our refresh was refused: no change, but a sign of life, so the session runs on. Hanging up would punish plain old phones.</summary>
    public void Alive(Instant now)
    {
        if (IsRunning) Arm(_interval, _weRefresh, now);
    }

    public void Stop()
    {
        _core.Timers.Cancel(_refresh);
        _core.Timers.Cancel(_expiry);
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (timer == _expiry)
        {
            Stop();
            _call.Abort(SipCallEnd.SessionExpired, "SIP;cause=408;text=\"Session timer expired\"", now);
            return;
        }

        // Should the refresh be refused or collide, there is time for another before the end.
        _core.Timers.Set(_refresh, now + _interval / 4);
        _call.Refresh(now);
    }

    private bool Decide(SipMessage request, out TimeSpan interval, out bool uasRefreshes)
    {
        var asked = request.Number(SipHeader.SessionExpires);
        var supported = request.HasToken(SipHeader.Supported, "timer"u8);
        interval = asked is { } seconds ? TimeSpan.FromSeconds(Math.Max(seconds, _core.Options.MinSe.TotalSeconds)) : _interval;
        var floor = request.Number(SipHeader.MinSe) is { } min ? TimeSpan.FromSeconds(min) : TimeSpan.Zero;
        if (interval < floor) interval = floor;
        // A caller without support cannot refresh (table 2); one with support does unless it asks us to.
        uasRefreshes = !supported || Refresher(request) is "uas";
        return true;
    }

    private void Arm(TimeSpan interval, bool weRefresh, Instant now)
    {
        (_interval, _weRefresh) = (interval, weRefresh);
        if (weRefresh) _core.Timers.Set(_refresh, now + interval / 2);
        else _core.Timers.Cancel(_refresh);
        // Section 10: hang up a little before the end, by a third of the interval or 32 s, the smaller.
        var margin = interval / 3 < TimeSpan.FromSeconds(32) ? interval / 3 : TimeSpan.FromSeconds(32);
        _core.Timers.Set(_expiry, now + interval - margin);
    }

    private static string? Refresher(SipMessage message)
    {
        var value = message.Value(SipHeader.SessionExpires);
        var semi = value.IndexOf((byte)';');
        return semi >= 0 && SipParamReader.TryFind(value[semi..], "refresher"u8, out var who) ? SipText.ToText(who).ToLowerInvariant() : null;
    }

    private static string Seconds(TimeSpan span) => ((long)span.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
