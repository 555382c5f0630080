using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>Times of the steps of setting a call up. One step runs at a time.</summary>
internal sealed class CallSteps(Instant start)
{
    private ImmutableArray<CallStep> _steps = [];

    public IReadOnlyList<CallStep> All => _steps;

    /// <summary>Ends the step that runs and begins the named one; the same name again changes nothing.</summary>
    public void Begin(string name, Instant now)
    {
        if (_steps is [.., { Took: null } running] && running.Name == name) return;
        End(now);
        _steps = _steps.Add(new CallStep(name, now - start, null));
    }

    /// <summary>Ends the step that runs.</summary>
    public void End(Instant now)
    {
        if (_steps is not [.., { Took: null } running]) return;
        _steps = _steps.SetItem(_steps.Length - 1, running with { Took = now - start - running.Started });
    }
}
