using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Media.Hosting;

/// <summary>A call whose trace is kept: one that is up, or ended less than half a minute ago.</summary>
/// <param name="Call">The call at this moment.</param>
/// <param name="Request">What was asked for, without the password.</param>
/// <param name="HasPassword">A password came with the request.</param>
/// <param name="IsSettled">Nothing will be added any more.</param>
public sealed record TracedCall(CallSnapshot Call, CallRequest Request, bool HasPassword, bool IsSettled);

/// <content>What is kept of each call: SIP messages, quality, states and spans.</content>
public sealed partial class MediaEngine
{
    // After this nothing more is taken in; see SipTap.
    private static readonly TimeSpan TraceSettles = TimeSpan.FromSeconds(5);

    /// <summary>All calls whose trace is kept, oldest first.</summary>
    public IReadOnlyList<TracedCall> TracedCalls => [.. (_calls.Services?.Traces.All ?? []).Select(Traced).OfType<TracedCall>()];

    /// <summary>The newest call of that id, or null where its trace is no longer kept.</summary>
    public TracedCall? FindTraced(CallId id) => _calls.Services?.Traces.Find(id) is { } trace ? Traced(trace) : null;

    /// <summary>
    /// What is new in the trace of a call since a cursor (the default one: everything); null where it is no longer kept. With
    /// <paramref name="settledOnly"/> without messages and marks that may yet be left out for want of room.
    /// </summary>
    public TracePart? ReadTrace(CallSnapshot call, TraceCursor since = default, bool settledOnly = false) =>
        _calls.Services?.Traces.Find(call.Id, call.CreatedAt)?.Read(since, settledOnly);

    private TracedCall? Traced(CallTrace trace)
    {
        // The snapshot of the manager is fresher; the trace's own is there a little longer.
        var now = _calls.Manager?.Find(trace.Id) is { } up && up.CreatedAt == trace.CreatedAt ? up : trace.Call;
        return now is null ? null : new TracedCall(now, trace.Request, trace.HasPassword, trace.EndedAt != Instant.Never && _clock.Now - trace.EndedAt > TraceSettles);
    }

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
