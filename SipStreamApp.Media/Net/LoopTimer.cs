using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A deadline on a loop. Setting it again moves it; firing clears it. Costs nothing while it is not set.</summary>
internal sealed class LoopTimer
{
    private readonly NetLoop _loop;

    internal LoopTimer(NetLoop loop, Action<Instant> callback) => (_loop, Callback) = (loop, callback);

    internal Action<Instant> Callback { get; }

    /// <summary>Place in the heap; -1 while not set.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>When it fires; <see cref="Instant.Never"/> while not set.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Sets or moves the deadline; one that has passed fires at the end of the current wake-up. Never cancels.</summary>
    public void Set(Instant deadline)
    {
        _loop.RequireLoopThread();
        if (deadline == Deadline) return;
        Deadline = deadline;
        if (deadline == Instant.Never) _loop.Timers.Remove(this);
        else _loop.Timers.Set(this);
    }

    /// <summary>Clears the deadline.</summary>
    public void Cancel() => Set(Instant.Never);

    internal void Cleared() => Deadline = Instant.Never;
}
