using System.Collections.Concurrent;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>What an engine tells of its browsers' sessions.</summary>
internal sealed class BrowserEvents : IDisposable
{
    private readonly ConcurrentQueue<BrowserSessionChanged> _seen = new();
    private readonly IDisposable _observer;

    public BrowserEvents(MediaEngine engine) => _observer = engine.Observe(e =>
    {
        if (e is BrowserSessionChanged change) _seen.Enqueue(change);
    });

    public List<(string SessionId, StreamName Stream, BrowserSessionState State, string Detail)> Seen =>
        [.. _seen.Select(c => (c.SessionId, c.Stream, c.State, c.Detail))];

    public void Dispose() => _observer.Dispose();
}
