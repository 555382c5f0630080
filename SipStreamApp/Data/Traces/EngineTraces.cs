using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>Traces of calls that are up, or were a moment ago.</summary>
internal sealed class EngineTraces(MediaEngine engine) : ITraceSource
{
    public Task<CallTraceView?> FindAsync(string callId, CancellationToken cancel)
    {
        CallTraceView? view = null;
        if (CallId.TryParse(callId, out var id) && engine.FindTraced(id) is { } traced && engine.ReadTrace(traced.Call) is { } part)
            view = new CallTraceView(CallFacts.From(traced), part, IsLive: !traced.IsSettled);
        return Task.FromResult(view);
    }
}
