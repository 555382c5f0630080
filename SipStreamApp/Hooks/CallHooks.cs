using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling;

namespace SipStreamApp.Hooks;

/// <summary>
/// <c>CallStatusEvent</c> and <c>StreamStatusEvent</c> of calls that no client session placed: those of REST and of the pages, told to the backend of their
/// appKey. The calls of a session are told by the session.
/// </summary>
internal sealed class CallHooks : BackgroundService
{
    private readonly Channel<EngineEvent> _news = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(5000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly MediaEngine _engine;
    private readonly IAppHooks _hooks;
    private readonly IClientSessions _sessions;
    private readonly StreamDirectory _streams;
    private readonly bool _isWanted;

    // Touched by the reading loop only: the last status told of each call that is up, and the calls whose stream was told to be there.
    private readonly Dictionary<CallId, (CallStatus Status, bool IsOurs)> _told = [];
    private readonly Dictionary<CallId, string> _published = [];
    private IDisposable? _subscription;

    public CallHooks(MediaEngine engine, IAppHooks hooks, IClientSessions sessions, StreamDirectory streams, Hosting.AppSettings settings)
    {
        (_engine, _hooks, _sessions, _streams) = (engine, hooks, sessions, streams);
        _isWanted = settings.Hooks.Apps.Count > 0;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isWanted) _subscription = _engine.Observe(news => _news.Writer.TryWrite(news));
        return base.StartAsync(cancellationToken);
    }

    /// <summary>The engine has stopped by now: the ends of its calls are still told.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _news.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false)) Tell(news);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void Tell(EngineEvent news)
    {
        switch (news)
        {
            case CallChanged changed: TellCall(changed.Call); break;
            case CallEnded ended: TellCall(ended.Call); break;
            case StreamChanged { Stream: { CallId: { } id } stream }: TellStream(id, stream); break;
            default: break;
        }
    }

    private void TellCall(CallSnapshot call)
    {
        var isKnown = _told.TryGetValue(call.Id, out var told);
        var isOurs = isKnown ? told.IsOurs : !_sessions.OwnsCall(call.Id);
        if (call.IsEnded) _told.Remove(call.Id);
        else _told[call.Id] = (call.Status, isOurs);
        if (!isOurs || call.Status is CallStatus.New or CallStatus.Pending || (isKnown && told.Status == call.Status)) return;
        _hooks.Tell(call.AppKey, "CallStatusEvent", Payload(JsonSerializer.SerializeToNode(CallObject.From(call, _engine.PushOf(call)), ApiJson.Default.CallObject)!.AsObject(), call.Id.Value));
    }

    private void TellStream(CallId id, StreamSnapshot stream)
    {
        if (_sessions.OwnsCall(id) || (_told.TryGetValue(id, out var told) && !told.IsOurs)) return;
        var isOver = stream.State == StreamState.Ended;
        var shown = _streams.Describe(stream);


        // The call may be forgotten by the end of its stream; its application is remembered from the beginning.
        string? appKey = shown.AppKey;
        if (isOver && !_published.Remove(id, out appKey)) return;
        if (!isOver) _published[id] = appKey!;
        else shown = shown with { AppKey = appKey! };
        var payload = Payload(JsonSerializer.SerializeToNode(shown, ApiJson.Default.StreamObject)!.AsObject(), id.Value);
        payload["audioState"] = new JsonObject { ["muted"] = false };
        payload["videoState"] = new JsonObject { ["muted"] = false };
        if (isOver) payload["info"] = StreamView.EndInfo(stream.EndReason);
        _hooks.Tell(appKey!, "StreamStatusEvent", payload);
    }

    // A call without a client is a session of its own. nodeId is put in by the hooks.
    private static JsonObject Payload(JsonObject shown, string sessionId)
    {
        shown.Remove("nodeId");
        shown["sessionId"] = sessionId;
        return shown;
    }
}
