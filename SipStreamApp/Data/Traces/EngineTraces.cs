using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>Traces of calls that are up, or were a moment ago.</summary>
internal sealed class EngineTraces(MediaEngine engine)
{
    /// <summary>The newest call of that id with its whole trace; null where the engine has none.</summary>
    public CallTraceView? Find(string callId)
    {
        if (!CallId.TryParse(callId, out var id) || engine.FindTrace(id) is not { } reader) return null;

        // Asked before it is read: what is settled has all of it.
        var traced = reader.Now;
        return new CallTraceView(CallFacts.From(traced), reader.Read(), IsLive: !traced.IsSettled);
    }
}
