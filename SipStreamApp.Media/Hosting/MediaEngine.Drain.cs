using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Hosting;

// Draining, and small questions of those who guard the engine.
public sealed partial class MediaEngine
{
    private volatile bool _draining;

    /// <summary>True: new calls are refused with "draining", those that are up go on.</summary>
    public bool Draining
    {
        get => _draining;
        set
        {
            _draining = value;
            if (_calls.Manager is { } manager) manager.Draining = value;
        }
    }

    /// <summary>True while the engine knows a viewer's session of that id.</summary>
    public bool IsWatching(string sessionId) => _viewers.Has(sessionId);

    private Outcome<T> Told<T>(string action, string target, Outcome<T> outcome)
        where T : class
    {
        _events.Raise(new Commanded(action, target, outcome.Succeeded));
        return outcome;
    }

    private Task<bool> Told(string action, string target, Task<bool> outcome)
    {
        _events.Raise(new Commanded(action, target, true));
        return outcome;
    }

    private static Failure IsDraining { get; } =
        new("draining", Blame.Server, "The server takes no new calls: it is being emptied", "Calls that are up go on. Try another server, or later.") { Retryable = true };
}
