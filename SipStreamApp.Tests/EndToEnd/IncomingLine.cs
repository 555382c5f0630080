using System.Collections.Concurrent;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>An identity of the program that is kept registered at a SIP server, and what became of it.</summary>
internal sealed class IncomingLine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentQueue<CallSnapshot> _calls = [];
    private readonly ConcurrentQueue<RegistrationChange> _news = [];
    private readonly IDisposable _watching;
    private readonly IAsyncDisposable _registration;

    private IncomingLine(MediaEngine engine, SipIdentity identity)
    {
        _watching = engine.Observe(e =>
        {
            if (e is IncomingCall incoming) _calls.Enqueue(incoming.Call);
        });
        _registration = engine.KeepRegistered(identity, _news.Enqueue);
    }

    /// <summary>Where it stood, oldest first.</summary>
    public IEnumerable<RegistrationStatus> News => _news.Select(n => n.Status);

    public static Task<IncomingLine> OpenAsync(MediaEngine engine, Kamailio server) => OpenAsync(engine, PhoneLab.Identity(server));

    public static async Task<IncomingLine> OpenAsync(MediaEngine engine, SipIdentity identity)
    {
        var line = new IncomingLine(engine, identity);
        await line.UntilNewsAsync(RegistrationStatus.Registered);
        return line;
    }

    /// <summary>The next call that rings.</summary>
    public async Task<CallSnapshot> RingsAsync()
    {
        CallSnapshot? call = null;
        await Wait.ForAsync(() => _calls.TryDequeue(out call), Patience, () => "Nobody calls");
        return call!;
    }

    /// <summary>Waits until these were its stations, all of them.</summary>
    public Task UntilNewsAsync(params RegistrationStatus[] stations) =>
        Wait.ForAsync(() => News.SequenceEqual(stations), Patience, () => "The registration went: " + string.Join(", ", _news.Select(n => $"{n.Status} {n.Cause?.Code}")));

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        _watching.Dispose();
    }
}
