using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SipStreamApp.Hosting;

namespace SipStreamApp.Hooks;

/// <summary>The backends of the settings. What a session's <c>connect</c> was answered with is kept until the session is over.</summary>
internal sealed partial class AppHooks(AppSettings settings, NodeIdentity node, TimeProvider time, ILogger<AppHooks> logger) : IAppHooks, IAsyncDisposable
{
    // More sessions than a node can have; only ids that are never told to be over could gather.
    private const int MostSessions = 20_000;

    private readonly HookClient _client = new(settings.Hooks, settings.Outgoing);
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, HookRule>> _sessions = new();
    private readonly ConcurrentDictionary<string, HookQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _bad = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, (long Count, long At)> _droppedSaid = new(StringComparer.OrdinalIgnoreCase);
    private int _disposed;

    /// <summary>Events of an application that were lost because its backend was too slow.</summary>
    public long Dropped(string appKey) => _queues.TryGetValue(appKey, out var queue) ? queue.Dropped : 0;

    public async Task<HookReply> AskAsync(string appKey, string hook, JsonObject payload, CancellationToken cancel)
    {
        if (App(appKey, hook) is not { } app) return new(true, payload);
        var session = Session(payload);
        var rule = Rule(session, hook);
        if (rule.Policy == HookPolicy.Disable) return new(true, rule.ForClient(payload, null));
        var answer = await _client.PostAsync(app, hook, rule.ForBackend(Signed(appKey, payload)), cancel).ConfigureAwait(false);
        Note(appKey, hook, answer.Problem);
        if (answer.Problem is { } problem) return rule.FailOnError ? new(false, payload, $"The backend of {appKey} refused {hook}: {problem}") : new(true, rule.ForClient(payload, null));
        if (hook == "connect" && session is not null)
        {
            var rules = HookRule.ReadAll(answer.Body?["restClientConfig"]);
            if (rules.Count > 0 && _sessions.Count < MostSessions) _sessions[session] = rules;
            rule = rules.GetValueOrDefault(hook, rule);
        }

        return new(true, rule.ForClient(payload, answer.Body));
    }

    public void Tell(string appKey, string hook, JsonObject payload)
    {
        var session = Session(payload);
        if (App(appKey, hook) is not null && Rule(session, hook) is { Policy: not HookPolicy.Disable } rule)
            _queues.GetOrAdd(appKey, Open).Add(hook, rule.ForBackend(Signed(appKey, payload)));
        if (hook == "ConnectionStatusEvent" && session is not null && payload["status"]?.ToString() is "DISCONNECTED" or "FAILED") _sessions.TryRemove(session!, out _);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Task.WhenAll(_queues.Values.Select(q => q.DisposeAsync().AsTask())).ConfigureAwait(false);
        _client.Dispose();
    }

    private HookQueue Open(string appKey) => new(async (hook, message, cancel) =>
    {
        if (App(appKey, hook) is not { } app) return;
        var answer = await _client.PostAsync(app, hook, message, cancel).ConfigureAwait(false);
        Note(appKey, hook, answer.Problem);
        SayDropped(appKey);
    });

    // At most one line a minute.
    private void SayDropped(string appKey)
    {
        var (dropped, said) = (Dropped(appKey), _droppedSaid.GetValueOrDefault(appKey));
        if (dropped == said.Count || (said.Count > 0 && time.GetElapsedTime(said.At) < TimeSpan.FromMinutes(1))) return;
        Log.Dropped(logger, appKey, dropped - said.Count);
        _droppedSaid[appKey] = (dropped, time.GetTimestamp());
    }

    private HookApp? App(string appKey, string hook) => settings.Hooks.Apps.TryGetValue(appKey, out var app) && app.Wants(hook) ? app : null;

    private HookRule Rule(string? session, string hook) =>
        (session is not null && _sessions.TryGetValue(session, out var rules) ? rules.GetValueOrDefault(hook) : null) ?? (hook == "connect" ? HookRule.Connect : HookRule.Default);

    // nodeId, appKey and sessionId first, as WCS writes them.
    private JsonObject Signed(string appKey, JsonObject payload)
    {
        var message = new JsonObject { ["nodeId"] = node.Id, ["appKey"] = appKey, ["sessionId"] = payload["sessionId"]?.DeepClone() };
        foreach (var (field, value) in payload) if (!message.ContainsKey(field)) message[field] = value?.DeepClone();
        return message;
    }

    // A backend that is down is said once, and once when it is back.
    private void Note(string appKey, string hook, string? problem)
    {
        if (problem is null)
        {
            if (_bad.TryRemove(appKey, out _)) Log.Back(logger, appKey);
            return;
        }

        var isNew = !_bad.TryGetValue(appKey, out var known) || known != problem;
        _bad[appKey] = problem;
        if (isNew) Log.Bad(logger, appKey, hook, problem);
        else Log.StillBad(logger, appKey, hook, problem);
    }

    private static string? Session(JsonObject payload) => payload["sessionId"] is JsonValue value ? value.ToString() : null;

    private static partial class Log
    {
        [LoggerMessage(EventIds.HookFailed, LogLevel.Warning, "Hook backend of {App}: {Hook} failed, {Problem}")]
        public static partial void Bad(ILogger logger, string app, string hook, string problem);

        [LoggerMessage(EventIds.HookStillFails, LogLevel.Debug, "Hook backend of {App}: {Hook} failed, {Problem}")]
        public static partial void StillBad(ILogger logger, string app, string hook, string problem);

        [LoggerMessage(EventIds.HookWorks, LogLevel.Information, "Hook backend of {App} answers again")]
        public static partial void Back(ILogger logger, string app);

        [LoggerMessage(EventIds.HookDropped, LogLevel.Warning, "Hook backend of {App} is too slow: {Count} events dropped, the oldest first")]
        public static partial void Dropped(ILogger logger, string app, long count);
    }
}
