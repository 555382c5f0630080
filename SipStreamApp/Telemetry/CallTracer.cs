using System.Diagnostics;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Telemetry;

/// <summary>
/// Makes spans of what the engine reports: "call set-up" with its steps, below the request that asked for it, and "push connect" for each
/// connection of a push. Only there where traces are sent somewhere.
/// </summary>
internal sealed class CallTracer(MediaEngine engine) : IHostedService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Activity> _calls = [];
    private readonly Dictionary<string, Activity> _pushes = [];
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = engine.Observe(Take);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    // On an engine thread: a span is handed to the exporter's queue, which never waits.
    private void Take(EngineEvent fact)
    {
        lock (_lock)
        {
            if (fact is CallChanged changed) Take(changed.Call);
            else if (fact is CallEnded ended) Take(ended.Call);
            else if (fact is PushChanged push) Take(push.Push);
        }
    }

    private void Take(CallSnapshot call)
    {
        var key = $"{call.Id} {call.CreatedAt.Ticks}";
        if (!_calls.TryGetValue(key, out var span))
        {
            if (call.AnsweredAt is not null && !call.IsEnded) return;
            ActivityContext.TryParse(call.TraceParent, null, out var parent);
            span = Tracing.Source.StartActivity(call.Incoming ? ActivityKind.Server : ActivityKind.Client, parent, startTime: call.CreatedAt, name: "call set-up");
            if (span is null) return;
            span.SetTag("call.id", call.Id.Value).SetTag("stream.name", call.StreamName.Value).SetTag("app.key", call.AppKey).SetTag("call.incoming", call.Incoming);
            _calls[key] = span;
            Activity.Current = null;
        }

        if (!span.IsStopped && (call.AnsweredAt is not null || call.IsEnded)) Finish(span, call);
        if (call.IsEnded) _calls.Remove(key);
    }

    private static void Finish(Activity span, CallSnapshot call)
    {
        span.SetTag("sip.status", call.SipStatus);
        foreach (var step in call.Steps.Where(s => s.Name != "media"))
        {
            var from = call.CreatedAt + step.Started;
            using var part = Tracing.Source.StartActivity(ActivityKind.Internal, span.Context, startTime: from, name: step.Name);
            part?.SetTag("call.id", call.Id.Value).SetEndTime((from + (step.Took ?? TimeSpan.Zero)).UtcDateTime);
        }

        span.Finish(call.End is { IsFailure: true } end ? end.Code : null, call.AnsweredAt ?? call.EndedAt);
    }

    private void Take(PushSnapshot push)
    {
        if (push.State == PushState.Connecting && !_pushes.ContainsKey(push.Id))
        {
            var call = engine.FindStream(push.Stream)?.CallId;
            var parent = call is { } id ? _calls.FirstOrDefault(c => c.Key.StartsWith(id.Value + " ", StringComparison.Ordinal)).Value : null;
            var span = Tracing.Source.StartActivity(ActivityKind.Client, parent?.Context ?? default, name: "push connect");
            if (span is null) return;
            span.SetTag("push.id", push.Id).SetTag("stream.name", push.Stream.Value).SetTag("call.id", call?.Value);
            _pushes[push.Id] = span;
            Activity.Current = null;
        }
        else if (push.State != PushState.Connecting && _pushes.Remove(push.Id, out var span))
        {
            span.Finish(push.Cause?.Code);
        }
    }
}
