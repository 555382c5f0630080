using System.Text.Json;
using System.Text.Json.Nodes;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Webhook;

/// <summary>Turns what the engine reports into events of the webhook: each change of state once. One thread.</summary>
/// <param name="describe">A stream as REST shows it.</param>
/// <param name="pushOf">The push that was started with a call, or null.</param>
/// <param name="time">When it happens.</param>
internal sealed class WebhookTranslator(Func<StreamSnapshot, StreamObject> describe, Func<CallSnapshot, PushSnapshot?> pushOf, TimeProvider time)
{
    // The last type told of each object that is not over yet.
    private readonly Dictionary<string, string> _told = [];

    /// <summary>Objects it remembers.</summary>
    public int Open => _told.Count;

    /// <summary>The events that follow, in order; mostly one or none.</summary>
    public IEnumerable<WebhookEvent> Translate(EngineEvent news) => news switch
    {
        CallChanged changed => Call(changed.Call),
        CallEnded ended => Call(ended.Call),
        StreamChanged { Stream: var stream } => Stream(stream),
        RecordingChanged { Recording: var recording } => Recording(recording),
        PushChanged { Push: var push } => Push(push),
        _ => [],
    };

    private IEnumerable<WebhookEvent> Call(CallSnapshot call)
    {
        var key = "call:" + call.Id.Value;
        JsonObject Data() => JsonSerializer.SerializeToNode(CallObject.From(call, pushOf(call)), ApiJson.Default.CallObject)!.AsObject();
        if (!_told.TryGetValue(key, out var told)) yield return Tell(key, told = "call.started", Data());
        var type = call.Status switch
        {
            CallStatus.Ring or CallStatus.RingMedia or CallStatus.SessionProgress => "call.ringing",
            CallStatus.Established => "call.established",
            CallStatus.Hold => "call.held",
            CallStatus.Busy or CallStatus.Finish or CallStatus.Failed => "call.ended",
            _ => null,
        };
        if (type is not null && told != type) yield return Tell(key, type, Data());
        if (call.IsEnded) _told.Remove(key);
    }

    private IEnumerable<WebhookEvent> Stream(StreamSnapshot stream)
    {
        var key = $"stream:{stream.Name.Value}:{stream.CreatedAt.ToUnixTimeMilliseconds()}";
        if (stream.State == StreamState.Live && _told.ContainsKey(key)) yield break;
        if (stream.State == StreamState.Ended && !_told.Remove(key)) yield break;
        var data = JsonSerializer.SerializeToNode(describe(stream), ApiJson.Default.StreamObject)!.AsObject();
        if (stream.State == StreamState.Live) yield return Tell(key, "stream.started", data);
        if (stream.State != StreamState.Ended) yield break;
        data["info"] = StreamView.EndInfo(stream.EndReason);
        yield return WebhookEvent.Create("stream.ended", key, time.GetUtcNow(), data);
    }

    private IEnumerable<WebhookEvent> Recording(RecordingSnapshot recording)
    {
        var key = "recording:" + recording.Id;
        var type = recording.State switch
        {
            RecordingState.Recording => "recording.started",
            RecordingState.Finishing => "recording.finishing",
            RecordingState.Ready => "recording.ready",
            _ => "recording.failed",
        };
        if (_told.GetValueOrDefault(key) == type) yield break;
        var data = JsonSerializer.SerializeToNode(RecorderObject.From(recording), ApiJson.Default.RecorderObject)!.AsObject();
        data["reason"] = recording.Reason;
        if (recording.State == RecordingState.Ready) data["url"] = $"/recordings/{recording.Id}/file";
        yield return Tell(key, type, data);
        if (recording.IsOver) _told.Remove(key);
    }

    private IEnumerable<WebhookEvent> Push(PushSnapshot push)
    {
        var key = "push:" + push.Id;
        JsonObject Data() => JsonSerializer.SerializeToNode(PushObject.From(push), ApiJson.Default.PushObject)!.AsObject();
        if (!_told.TryGetValue(key, out var told)) yield return Tell(key, told = "push.started", Data());

        // Waiting and connecting are steps of every attempt; only what comes of it is news.
        var type = push.State switch
        {
            PushState.Publishing => "push.publishing",
            PushState.Retrying => "push.retrying",
            PushState.Stopped => "push.stopped",
            PushState.Failed => "push.failed",
            _ => null,
        };
        if (type is not null && told != type) yield return Tell(key, type, Data());
        if (push.IsEnded) _told.Remove(key);
    }

    private WebhookEvent Tell(string key, string type, JsonObject data)
    {
        _told[key] = type;
        return WebhookEvent.Create(type, key, time.GetUtcNow(), data);
    }
}
