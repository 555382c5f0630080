using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Push;

/// <summary>What pushes need.</summary>
internal sealed record PushServices(EngineClock Clock, StreamHub Hub, PushLimits Limits, ILogger Logger);

/// <summary>The pushes of an engine: starts, finds and ends them. One ticker looks after all.</summary>
internal sealed partial class PushManager(PushServices services, Action<PushSnapshot> changed) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, PushSession> _pushes = new();
    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = services.Logger;
    private Task _ticker = Task.CompletedTask;
    private bool _closed;

    /// <summary>Their times and bounds.</summary>
    public PushLimits Limits => services.Limits;

    /// <summary>Pushes that run, and for some minutes those that ended; oldest first.</summary>
    public IReadOnlyList<PushSnapshot> All => [.. _pushes.Values.Select(p => p.Snapshot).OrderBy(p => p.CreatedAt)];

    /// <summary>What would stand in the way of a push to this address, or null.</summary>
    public static Failure? Check(string url) => PushAddress.TryParse(url, out _, out var failure) ? null : failure;

    /// <summary>True where that stream already goes to that address.</summary>
    public bool IsTaken(string url, string name) => _pushes.Values.Any(p => !p.Snapshot.IsEnded && p.Snapshot.Name == name && p.Asked.Url == url);

    public Outcome<PushSnapshot> Start(PushRequest request)
    {
        if (!PushAddress.TryParse(request.Url, out var asked, out var wrong)) return wrong;
        if (request.Name is { } given && !StreamName.TryParse(given, out _))
            return new Failure("invalid-field", Blame.Caller, "rtmpStream must be 1 to 64 letters, digits, dots, underscores or hyphens") { Field = "rtmpStream" };
        if (request.SoundFile is { } file && SoundFile.Find(services.Limits.MediaFolder, file, out var missing) is null) return missing!;
        if (services.Hub.Find(request.Stream) is not { } stream)
            return new Failure("stream-not-found", Blame.Caller, $"There is no stream \"{request.Stream}\"", "Check the name; a stream is there from the start of its call to its end.") { Field = "streamName" };
        var name = request.Name ?? services.Limits.NamePrefix + request.Stream.Value;
        PushSession session;
        lock (_starting)
        {
            ForgetOld();
            if (_closed) return new Failure("not-running", Blame.Server, "The media engine is not running") { Retryable = true };
            if (_pushes.Values.Any(p => !p.Snapshot.IsEnded && p.Stream == stream && p.Asked.Url == asked.Url && p.Snapshot.Name == name))
                return new Failure("push-taken", Blame.Caller, $"The stream \"{request.Stream}\" already goes to {asked}", "Terminate that push first.") { Field = "rtmpUrl" };
            if (_pushes.Values.Count(p => !p.Snapshot.IsEnded) >= services.Limits.MaxPushes)
                return new Failure("push-limit", Blame.Server, $"The limit of {services.Limits.MaxPushes} pushes is reached", "End some, or raise Limits:Pushes.") { Retryable = true };
            session = new PushSession(services, request, asked, request.FullUrl ? asked : asked.With(name), name, stream, OnChanged);
            _pushes[session.Id] = session;
            if (_ticker.IsCompleted) _ticker = Task.Run(TickAsync);
        }

        LogStarted(session.Id, stream.Name, asked.Masked);
        session.Start();
        OnChanged(session);
        return session.Snapshot;
    }

    /// <summary>Pushes that run and go to this address, whatever the form it is given in.</summary>
    public IEnumerable<PushSnapshot> Find(string? url) =>
        _pushes.Values.Where(p => url is null || p.Asked.Url == url || p.Asked.Masked == url).Select(p => p.Snapshot).Where(p => !p.IsEnded).OrderBy(p => p.CreatedAt);

    /// <summary>The newest push of a call's stream to an address, also where it has ended.</summary>
    public PushSnapshot? Of(CallId call, StreamName stream, string url) => _pushes.Values
        .Where(p => p.Stream.Name == stream && p.Stream.CallId == call && p.Asked.Url == url).Select(p => p.Snapshot).MaxBy(p => p.CreatedAt);

    /// <summary>The push of that id while it runs, else null.</summary>
    public PushSession? Session(string id) => _pushes.TryGetValue(id, out var push) && !push.Snapshot.IsEnded ? push : null;

    /// <summary>Ends all pushes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_starting) _closed = true;
        await Task.WhenAll(_pushes.Values.Select(p => p.StopAsync()));
        await _stop.CancelAsync();
        await _ticker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var push in _pushes.Values) await push.DisposeAsync();
        _pushes.Clear();
    }

    private async Task TickAsync()
    {
        var backlog = new SocketBacklog();
        while (!_stop.IsCancellationRequested)
        {
            var pushes = _pushes.Values.Where(p => !p.Done.IsCompleted).ToList();
            if (pushes.Count > 0) backlog.Refresh();
            foreach (var push in pushes) push.Tick(services.Clock.Now, backlog);
            await Task.Delay(Period, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void OnChanged(PushSession session) => changed(session.Snapshot);

    private void ForgetOld()
    {
        var oldest = services.Clock.UtcNow - services.Limits.KeepEnded;
        foreach (var (id, push) in _pushes)
            if (push.Snapshot.EndedAt < oldest) _pushes.TryRemove(id, out _);
    }

    [LoggerMessage(LogIds.PushStarted, LogLevel.Information, "Push {Id} of {Stream} to {Target} was asked for")]
    private partial void LogStarted(string id, StreamName stream, string target);
}
