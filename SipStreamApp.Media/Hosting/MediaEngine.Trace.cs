using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Media.Hosting;

/// <content>What is kept of each call: SIP messages, quality, states and spans.</content>
public sealed partial class MediaEngine
{
    /// <summary>Traces of all calls that are up, and of those that ended until they are released or half a minute has passed; oldest first.</summary>
    public IReadOnlyList<CallTraceReader> Traces => [.. (_calls.Services?.Traces.All ?? []).Select(Reader).OfType<CallTraceReader>()];

    /// <summary>The trace of the newest call of that id, or null where it is no longer kept.</summary>
    public CallTraceReader? FindTrace(CallId id) => _calls.Services?.Traces.Find(id) is { } trace ? Reader(trace) : null;

    /// <summary>Lets go of the trace of an ended call: it is kept elsewhere now.</summary>
    public void ReleaseTrace(CallSnapshot call) => _calls.Services?.Traces.Release(call.Id, call.CreatedAt);

    private CallTraceReader? Reader(CallTrace trace) =>
        (trace.Call ?? FindCall(trace.Id)) is { } call && call.CreatedAt == trace.CreatedAt ? new CallTraceReader(trace, call, FindCall, _clock) : null;

    private void TraceCall(CallSnapshot call) => _calls.Services?.Traces.Find(call.Id, call.CreatedAt)?.OnCall(call);

    private void TraceRecording(RecordingSnapshot recording)
    {
        if (recording.CallId is not { } id || _calls.Services?.Traces.Find(id) is not { } trace) return;
        var (level, text) = recording.State switch
        {
            RecordingState.Recording => (MarkLevel.Info, "Recording"),
            RecordingState.Finishing => (MarkLevel.Info, "Recording ended, the file is being finished"),
            RecordingState.Ready => (recording.Reason is null ? MarkLevel.Info : MarkLevel.Warning, "Recording ready" + (recording.Reason is null ? "" : ": " + recording.Reason)),
            _ => (MarkLevel.Error, $"Recording failed: {recording.Reason}"),
        };
        TraceOnce(trace, MarkKind.Recording, level, recording.State.ToString(), text, recording.Id, recording.State != RecordingState.Recording);
    }

    private void TracePush(PushSnapshot push)
    {
        // The push hears of the end of the stream later than the hub.
        if (_calls.Services?.Traces.All.LastOrDefault(t => t.Call?.StreamName == push.Stream) is not { } trace) return;
        var (level, text) = push.State switch
        {
            PushState.Waiting or PushState.Connecting => (MarkLevel.Info, $"Push to {push.Target}: connecting"),
            PushState.Publishing => (MarkLevel.Info, $"Push to {push.Target}"),
            PushState.Stopped => (MarkLevel.Info, $"Push to {push.Target} ended"),
            PushState.Retrying => (MarkLevel.Warning, $"Push to {push.Target} broke: {push.Cause?.Title}"),
            _ => (MarkLevel.Error, $"Push to {push.Target} failed: {push.Cause?.Title}"),
        };
        TraceOnce(trace, MarkKind.Push, level, push.State.ToString(), text, push.Id, push.State is not PushState.Publishing);
    }

    // Progress and byte counts come as events, too; a mark is a change of state.
    private static void TraceOnce(CallTrace trace, MarkKind kind, MarkLevel level, string word, string text, string key, bool ends)
    {
        if (trace.LastMark(kind, key)?.Word != word) trace.Mark(kind, level, word, text, key, ends);
    }
}
