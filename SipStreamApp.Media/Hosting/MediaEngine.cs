using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

/// <summary>The one door to the media engine: control goes in here, facts leave as snapshots and events.</summary>
public sealed class MediaEngine : IAsyncDisposable
{
    private readonly StreamHub _hub;

    /// <summary>Wires the engine; nothing is bound before <see cref="StartAsync"/>.</summary>
    public MediaEngine(EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        _hub = new StreamHub(new EngineClock(time), new StreamHubOptions());
    }

    /// <summary>The settings it runs with.</summary>
    public EngineOptions Options { get; }

    /// <summary>Calls that are up, and for some seconds those that ended.</summary>
    public IReadOnlyList<CallSnapshot> Calls => [];

    /// <summary>Streams that are reserved or live.</summary>
    public IReadOnlyList<StreamSnapshot> Streams => [.. _hub.Streams.Select(s => s.Snapshot())];

    /// <summary>Binds the ports and starts. Returns what stood in the way (a port that is taken), or null.</summary>
    public Task<Failure?> StartAsync(CancellationToken cancel) => Task.FromResult<Failure?>(null);

    /// <summary>Ends all calls with BYE, un-registers, closes the viewers and frees the ports.</summary>
    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Figures of the whole engine.</summary>
    public EngineSnapshot Snapshot() => new(false, "", 0, 0, 0, 0, 0);

    /// <summary>
    /// Starts a call and returns at once. Failure codes: "invalid-field" (Field says which), "call-id-taken", "stream-taken", "call-limit", "not-running".
    /// </summary>
    public Outcome<CallSnapshot> StartCall(CallRequest request) => new Failure("not-running", Blame.Server, "The media engine is not running");

    /// <summary>The call of that id: one that is up, or one that ended a few seconds ago; else null.</summary>
    public CallSnapshot? FindCall(CallId id) => null;

    /// <summary>Hangs up (CANCEL or BYE). False where there is no such call.</summary>
    public bool HangUp(CallId id) => false;

    /// <summary>The stream of that name, or null.</summary>
    public StreamSnapshot? FindStream(StreamName name) => _hub.Find(name)?.Snapshot();

    /// <summary>
    /// Answers a browser's SDP offer for a stream (WHEP). Waits a while for a stream that is reserved by a call in progress.
    /// Failure codes: "stream-not-found", "stream-not-ready", "no-common-codec", "bad-offer", "viewer-limit", "not-running".
    /// </summary>
    /// <param name="name">The stream.</param>
    /// <param name="offer">The SDP offer.</param>
    /// <param name="localAddress">The address the request came in on: an ICE candidate the browser can surely reach.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public Task<Outcome<WatchAnswer>> WatchAsync(StreamName name, string offer, System.Net.IPAddress? localAddress, CancellationToken cancel) =>
        Task.FromResult<Outcome<WatchAnswer>>(new Failure("not-running", Blame.Server, "The media engine is not running"));

    /// <summary>Ends a viewer's session. False where there is none of that id.</summary>
    public bool StopWatching(string sessionId) => false;

    /// <summary>Tries a registration with this identity and takes it back.</summary>
    public Task<RegistrationCheck> TestAccountAsync(SipIdentity identity, CancellationToken cancel) =>
        Task.FromResult(new RegistrationCheck(false, new CallEnd("not-running", true, Blame.Server, "The media engine is not running", "", null, null), TimeSpan.Zero));

    /// <summary>Hands every event to <paramref name="observer"/>, on an engine thread, until disposed of.</summary>
    public IDisposable Observe(Action<EngineEvent> observer) => new Subscriber();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    private sealed class Subscriber : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
