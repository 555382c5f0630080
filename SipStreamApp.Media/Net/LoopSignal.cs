namespace SipStreamApp.Media.Net;

/// <summary>A doorbell: any thread rings it, the loop's thread answers once for all rings since the last answer.</summary>
internal sealed class LoopSignal
{
    private readonly NetLoop _loop;
    private readonly Action _onSignalled;
    private int _rung;
    private volatile bool _closed;

    internal LoopSignal(NetLoop loop, Action onSignalled) => (_loop, _onSignalled) = (loop, onSignalled);

    /// <summary>Link of the loop's list of rung signals; owned by whoever turned <see cref="_rung"/> on.</summary>
    internal LoopSignal? Next { get; set; }

    /// <summary>Rings; never blocks and never allocates. What was written before is seen by the callback.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0) _loop.Ring(this);
    }

    /// <summary>No callback runs after this, when called on the loop's thread.</summary>
    public void Close() => _closed = true;

    internal void Answer()
    {
        // Cleared before the callback looks at anything: a ring from here on is a new one, so none is lost.
        Interlocked.Exchange(ref _rung, 0);
        if (!_closed) _onSignalled();
    }
}
