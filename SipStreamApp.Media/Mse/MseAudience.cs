using System.Collections.Concurrent;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mse;

/// <summary>The MSE sessions that are open, of all streams. Any thread.</summary>
internal sealed class MseAudience(EngineClock clock)
{
    private static readonly TimeSpan Refusal = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, MseSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(StreamName Stream, HttpPlayer Player), Instant> _removed = new();

    public void Add(MseSession session) => _sessions[session.Viewer.Id] = session;

    public void Forget(MseSession session) => _sessions.TryRemove(session.Viewer.Id, out _);

    /// <summary>Who plays a stream, those that came first first.</summary>
    public IReadOnlyList<HttpViewer> Of(StreamName stream) => [.. _sessions.Values.Where(s => s.Stream == stream).Select(s => s.Viewer).OrderBy(v => v.Since)];

    /// <summary>Sends one away, which it is told, and refuses it for a minute: it would be back within a second. False where there is none of that id.</summary>
    public bool Remove(string id, Failure why)
    {
        if (!_sessions.TryRemove(id, out var session)) return false;
        foreach (var (who, until) in _removed)
            if (clock.Now >= until) _removed.TryRemove(who, out _);
        _removed[(session.Stream, session.Viewer.Player)] = clock.Now + Refusal;
        session.Remove(why);
        return true;
    }

    /// <summary>True for one that was sent away just now.</summary>
    public bool Refuses(StreamName stream, HttpPlayer player) => _removed.TryGetValue((stream, player), out var until) && clock.Now < until;
}
