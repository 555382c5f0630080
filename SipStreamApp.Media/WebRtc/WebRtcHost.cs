using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Publishing;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <summary>All browsers: those that watch, those that publish, those that do both. One UDP port, one loop. Its public members may be called from any thread.</summary>
internal sealed partial class WebRtcHost : IAsyncDisposable
{
    private readonly WebRtcHostOptions _options;
    private readonly EngineClock _clock;
    private readonly ILogger _logger;
    private readonly ILogger _netLogger;
    private readonly DtlsWorkers _workers;
    private readonly ConcurrentDictionary<string, PeerSession> _sessions = new();
    private NetLoop? _loop;
    private UdpPort? _port;
    private LoopTimer? _tick;
    private DtlsIdentity? _identity;
    private IPAddress? _publicAddress;
    private int _reserved;
    private volatile bool _stopped;

    public WebRtcHost(WebRtcHostOptions options, EngineClock clock, ILoggerFactory loggers)
    {
        (_options, _clock) = (options, clock);
        _logger = loggers.CreateLogger<WebRtcHost>();
        _netLogger = loggers.CreateLogger<NetLoop>();
        _workers = new DtlsWorkers(options.Dtls);
    }

    /// <summary>The UDP port really bound; 0 while not running.</summary>
    public int Port => _port?.LocalEndPoint.Port ?? 0;

    /// <summary>The loop of all browsers; null while not running.</summary>
    public NetLoop? Loop => _loop;

    /// <summary>SHA-256 fingerprint of the certificate, as SDP writes it.</summary>
    public string Fingerprint => _identity?.Fingerprint ?? "";

    /// <summary>Told when a session is connected or over, on the loop's thread; must return at once.</summary>
    public Action<SessionChange>? Changed { get; init; }

    /// <summary>All viewers.</summary>
    public IReadOnlyList<ViewerSnapshot> Viewers => [.. _sessions.Values.Select(s => s.Snapshot()).OfType<ViewerSnapshot>()];

    /// <summary>All publishers.</summary>
    public IReadOnlyList<PublisherSnapshot> Publishers => [.. _sessions.Values.Select(s => s.PublisherSnapshot()).OfType<PublisherSnapshot>()];

    /// <summary>The session of that id, or null.</summary>
    internal PeerSession? Session(string id) => _sessions.GetValueOrDefault(id);

    public WebRtcCounts Counts
    {
        get
        {
            var udp = _port?.Snapshot();
            var sessions = _sessions.Values;
            return new WebRtcCounts(
                Port, sessions.Count(s => s.Stream is not null), sessions.Count(s => s.IsPublishing), Volatile.Read(ref _watched), Interlocked.Read(ref _stray), udp?.DatagramsOut ?? 0, udp?.SendDropped ?? 0);
        }
    }

    /// <summary>Binds the port and reads or makes the certificate. Returns what stood in the way, or null.</summary>
    public Failure? Start()
    {
        if (!IPAddress.TryParse(_options.Address, out var address)) return Wrong("WebRtc:Address", _options.Address);
        if (_options.PublicAddress.Length > 0 && !IPAddress.TryParse(_options.PublicAddress, out _publicAddress))
            return Wrong("Media:PublicAddress", _options.PublicAddress);
        var loop = new NetLoop("webrtc", _clock, NetLoopOptions.Default, _netLogger);
        if (!loop.TryBind(new IPEndPoint(address, _options.Port), new Demultiplexer(this), UdpPortOptions.Mux, out var port, out var failure))
        {
            loop.Dispose();
            return failure;
        }

        _identity = DtlsIdentity.LoadOrCreate(Path.Combine(_options.DataDirectory, "webrtc-certificate.pem"), _clock.UtcNow, out var notSaved);
        if (notSaved is not null) Log.CertificateNotSaved(_logger, notSaved.Title);
        _tick = loop.CreateTimer(OnTick);
        (_loop, _port) = (loop, port);
        loop.Start();
        Log.Started(_logger, port.LocalEndPoint.ToString(), loop.Backend);
        return null;
    }

    /// <summary>
    /// Answers an offer and makes the session. The tracks of a stream that is watched must be known (<see cref="LiveStream.Ready"/>).
    /// Failure codes: "not-running", "viewer-limit", "stream-not-ready", "stream-ended", "no-common-codec", "bad-offer".
    /// </summary>
    /// <param name="watched">What to watch; null: nothing.</param>
    /// <param name="publish">What the browser is to send; null: nothing.</param>
    /// <param name="offer">The browser's SDP.</param>
    /// <param name="localAddress">The address the request came in on.</param>
    /// <param name="cancel">Gives up before the session is made.</param>
    public async Task<Outcome<WatchSession>> AnswerAsync(LiveStream? watched, PublishRequest? publish, string offer, IPAddress? localAddress, CancellationToken cancel)
    {
        if (_loop is not { } loop || _stopped) return NotRunning;
        if (TryReserve() is { } full) return full;
        var made = false;
        try
        {
            if (!TryAnswer(watched, publish, offer, localAddress, out var settings, out var answer, out var failure)) return failure;
            cancel.ThrowIfCancellationRequested();
            made = await loop.InvokeAsync(() => Add(settings));
            return made ? new WatchSession(settings.Id, answer) : NotRunning;
        }
        catch (ObjectDisposedException)
        {
            return NotRunning;
        }
        finally
        {
            if (!made) Interlocked.Decrement(ref _reserved);
        }
    }

    /// <summary>Ends a session. False where there is none of that id.</summary>
    public bool Close(string sessionId)
    {
        if (_offers.TryRemove(sessionId, out var offered))
        {
            Drop(offered, SessionEnd.Requested);
            return true;
        }

        if (!_sessions.TryGetValue(sessionId, out var session)) return false;
        _loop!.Post(static s => s.Close(SessionEnd.Requested, "", s.LoopNow), session);
        return true;
    }

    /// <summary>Tells all browsers that it is over and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        if (_loop is not { } loop) return;
        await loop.InvokeAsync(() =>
        {
            foreach (var session in _sessions.Values) session.Close(SessionEnd.Shutdown, "", loop.Now);
            DropOffers(Instant.Never, SessionEnd.Shutdown);
            return true;
        });
        // The closing alerts are written by the workers; half a second is plenty, and a stuck one must not hold the stop up.
        for (var i = 0; i < 50 && _workers.IsBusy; i++) await Task.Delay(10);
        _workers.Dispose();
        await loop.DisposeAsync();
        _identity?.Dispose();
    }

    private static Failure NotRunning => new("not-running", Blame.Server, "WebRTC is not running");

    private Failure? TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= _options.MaxViewers) return null;
        Interlocked.Decrement(ref _reserved);
        return new Failure("viewer-limit", Blame.Server, $"The limit of {_options.MaxViewers} browsers is reached", "Try again later") { Retryable = true };
    }

    private static Failure Wrong(string field, string value) =>
        new("invalid-field", Blame.Caller, $"\"{value}\" is not an IP address", "Give an address such as 0.0.0.0 or 192.0.2.10") { Field = field };

    private static partial class Log
    {
        [LoggerMessage(5000, LogLevel.Information, "WebRTC listens on udp {EndPoint} ({Backend})")]
        public static partial void Started(ILogger logger, string endPoint, string backend);

        [LoggerMessage(5001, LogLevel.Warning, "{Reason}")]
        public static partial void CertificateNotSaved(ILogger logger, string reason);

        [LoggerMessage(5002, LogLevel.Information, "Browser {Session} of {Stream}: keys after {Milliseconds} ms, {Profile}")]
        public static partial void Secured(ILogger logger, string session, string stream, long milliseconds, string profile);

        [LoggerMessage(5003, LogLevel.Information, "Browser {Session} of {Stream} ended: {End} {Detail}")]
        public static partial void Ended(ILogger logger, string session, string stream, SessionEnd end, string detail);
    }
}
