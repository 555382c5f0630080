using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using SipStreamApp.Api;
using SipStreamApp.Data;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Telemetry;

namespace SipStreamApp.Webhook;

/// <summary>
/// Takes the engine's events into the outbox and sends what is due from there. Nothing is sent that was not written before, so a restart loses nothing;
/// what was on its way at that moment is sent again. Calls never notice.
/// </summary>
internal sealed partial class WebhookService : BackgroundService
{
    private const int Capacity = 5000;
    private const int AtOnce = 4;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private readonly Channel<EngineEvent> _news;
    private readonly MediaEngine _engine;
    private readonly WebhookOutbox _outbox;
    private readonly WebhookClient _client;
    private readonly WebhookTranslator _translator;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookService> _logger;
    private readonly SemaphoreSlim _wake = new(0);
    private IDisposable? _subscription;
    private Task _writing = Task.CompletedTask;
    private long _dropped;
    private int _version;
    private bool _isBad;

    public WebhookService(
        MediaEngine engine, WebhookOutbox outbox, StreamDirectory streams, Database database, AppSettings settings, TimeProvider time, ILogger<WebhookService> logger)
    {
        (_engine, _outbox, _database, _time, _logger, Settings) = (engine, outbox, database, time, logger, settings.Webhook);
        _client = new WebhookClient(Settings, settings.Outgoing, time);
        _translator = new WebhookTranslator(streams.Describe, engine.PushOf, time);
        _news = Channel.CreateBounded<EngineEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
    }

    public WebhookSettings Settings { get; }

    /// <summary>Grows with every change of the log.</summary>
    public int Version => Volatile.Read(ref _version);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (Settings.Url is null) return Task.CompletedTask;
        _subscription = _engine.Observe(news => _news.Writer.TryWrite(news));
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>The engine has stopped by now: what it reported last is still written, and sent after the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _news.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        await _writing.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _client.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Queues an event that says nothing but that it works. Returns what stood in the way, or null.</summary>
    public Task<Failure?> SendTestAsync(CancellationToken cancel) => GuardAsync(
        () => _outbox.AddAsync([WebhookEvent.Create("webhook.test", "test", _time.GetUtcNow(), new JsonObject { ["message"] = "This is a test" })], cancel), cancel);

    /// <summary>Sends a delivery again. Returns what stood in the way, or null.</summary>
    public Task<Failure?> RedeliverAsync(long id, CancellationToken cancel) => GuardAsync(() => _outbox.RedeliverAsync(id, cancel), cancel);

    /// <summary>The newest deliveries, and how many wait.</summary>
    public async Task<Outcome<WebhookLog>> LogAsync(int most, CancellationToken cancel)
    {
        try
        {
            return new WebhookLog(await _outbox.ListAsync(most, cancel), await _outbox.PendingAsync(cancel));
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            _database.Bad(e);
            return new Failure("database", Blame.Server, DatabaseFaults.Explain(e)) { Retryable = true };
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweepAt = _time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_time.GetUtcNow() >= sweepAt)
                {
                    await _outbox.SweepAsync(_time.GetUtcNow().AddDays(-Settings.RetentionDays), stoppingToken).ConfigureAwait(false);
                    sweepAt = _time.GetUtcNow() + SweepEvery;
                }

                var due = await _outbox.DueAsync(8 * AtOnce, stoppingToken).ConfigureAwait(false);
                if (due.Count > 0) await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, DeliverAsync).ConfigureAwait(false);
                else await RestAsync(sweepAt, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseFaults.IsFault(e, stoppingToken))
            {
                _database.Bad(e);
                await Task.Delay(AfterFault, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask DeliverAsync(WebhookDelivery delivery, CancellationToken stop)
    {
        var span = Tracing.Source.StartActivity("webhook " + delivery.Type, ActivityKind.Client);
        if (span is not null) Tag(span, delivery);
        var result = await _client.PostAsync(delivery.EventId, delivery.Type, delivery.Body, stop).ConfigureAwait(false);
        span.Finish(result.Problem);
        await _outbox.MarkAsync(delivery.Id, result, stop).ConfigureAwait(false);
        Interlocked.Increment(ref _version);
        if (result.Problem is { } problem && !_isBad) Log.Bad(_logger, Settings.Target, problem);
        else if (result.Problem is null && _isBad) Log.Back(_logger, Settings.Target);
        _isBad = result.Problem is not null;
    }

    // What it is about. A push names the server's stream apart from its own, which is a key; recordings and pushes name no call, but their stream has one.
    private void Tag(Activity span, WebhookDelivery delivery)
    {
        var data = JsonNode.Parse(delivery.Body)?["data"];
        var stream = Text("sourceStream") ?? Text("streamName") ?? Text("name");
        var call = Text("callId") ?? (StreamName.TryParse(stream, out var name) ? _engine.FindStream(name)?.CallId?.Value : null);
        span.SetTag("server.address", Settings.Url?.Host).SetTag("call.id", call).SetTag("stream.name", stream);

        string? Text(string field) => data?[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    private async Task RestAsync(DateTimeOffset until, CancellationToken stop)
    {
        if (await _outbox.NextAsync(stop).ConfigureAwait(false) is { } next && next < until) until = next;
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pause = until - _time.GetUtcNow();
        var tick = Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _time, alarm.Token);
        await Task.WhenAny(tick, _wake.WaitAsync(alarm.Token)).ConfigureAwait(false);
        await alarm.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    private async Task WriteAsync()
    {
        var batch = new List<WebhookEvent>();
        while (await _news.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < 200 && _news.Reader.TryRead(out var news)) batch.AddRange(_translator.Translate(news));
            if (batch.Count > 0) await WriteUntilItWorksAsync(batch).ConfigureAwait(false);
            batch.Clear();
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) Log.Dropped(_logger, dropped);
        }
    }

    private async Task WriteUntilItWorksAsync(List<WebhookEvent> batch)
    {
        while (await GuardAsync(() => _outbox.AddAsync(batch, CancellationToken.None), CancellationToken.None).ConfigureAwait(false) is not null)
        {
            // The program is going down and the database refuses: nothing more can be done.
            if (_news.Reader.Completion.IsCompleted) return;
            await Task.Delay(AfterFault, _time).ConfigureAwait(false);
        }
    }

    private async Task<Failure?> GuardAsync(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work().ConfigureAwait(false);
            _database.Good();
            Interlocked.Increment(ref _version);
            if (_wake.CurrentCount == 0) _wake.Release();
            return null;
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            _database.Bad(e);
            return new Failure("database", Blame.Server, DatabaseFaults.Explain(e)) { Retryable = true };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.WebhookFailed, LogLevel.Warning, "Webhook {Target}: {Problem}. Tried again for 24 hours")]
        public static partial void Bad(ILogger logger, string target, string problem);

        [LoggerMessage(EventIds.WebhookWorks, LogLevel.Information, "Webhook {Target} takes events again")]
        public static partial void Back(ILogger logger, string target);

        [LoggerMessage(EventIds.WebhookDropped, LogLevel.Warning, "Webhook: {Count} events dropped, the database was too slow or refused")]
        public static partial void Dropped(ILogger logger, long count);
    }
}

/// <summary>The log of deliveries.</summary>
/// <param name="Deliveries">The newest first.</param>
/// <param name="Pending">How many wait for an attempt.</param>
internal sealed record WebhookLog(IReadOnlyList<WebhookDelivery> Deliveries, int Pending);

/// <summary>Services of the webhook.</summary>
internal static class WebhookSetup
{
    public static void AddWebhook(this IServiceCollection services)
    {
        services.AddSingleton<WebhookOutbox>();
        services.AddSingleton<WebhookService>();
        services.AddHostedService(s => s.GetRequiredService<WebhookService>());
    }
}
