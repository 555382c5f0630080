using System.Diagnostics.Metrics;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Telemetry;

/// <summary>
/// The engine in figures (meter "SipStreamApp"). Gauges and sums are read from snapshots when somebody scrapes, nothing is counted on the
/// media path; what happens once (a call ends, is answered) comes from the engine's events.
/// </summary>
internal sealed class EngineMeter : IHostedService, IDisposable
{
    public const string Name = "SipStreamApp";

    private static readonly CallStatus[] Up = [.. Enum.GetValues<CallStatus>().Where(s => s is not (CallStatus.Busy or CallStatus.Finish or CallStatus.Failed))];
    private readonly MediaEngine _engine;
    private readonly Meter _meter;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _setup;
    private readonly CallTotals _totals = new();
    private readonly DropTotals _drops = new();
    private IDisposable? _subscription;

    public EngineMeter(MediaEngine engine, IMeterFactory meters)
    {
        _engine = engine;
        _meter = meters.Create(Name);
        _ended = _meter.CreateCounter<long>("sipstream.calls.ended", "{call}", "Calls that ended, by cause");
        _setup = _meter.CreateHistogram(
            "sipstream.call.setup", "s", "From the request to the answer, of answered calls",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120] });
        _meter.CreateObservableGauge("sipstream.calls", Calls, "{call}", "Calls that are up, by state");
        _meter.CreateObservableGauge("sipstream.calls.limit", () => engine.Options.Limits.Calls, "{call}", "Limits:Calls");
        _meter.CreateObservableGauge("sipstream.draining", () => engine.Draining ? 1 : 0, null, "1 while new calls are refused");
        _meter.CreateObservableGauge("sipstream.streams", () => engine.Snapshot().Streams, "{stream}", "Streams reserved or live");
        _meter.CreateObservableGauge("sipstream.viewers", Viewers, "{viewer}", "Viewers, by the way they play");
        _meter.CreateObservableGauge("sipstream.viewers.limit", () => engine.Options.Limits.Viewers, "{viewer}", "Limits:Viewers");
        _meter.CreateObservableGauge("sipstream.recordings", () => engine.Recordings.Count(r => r.State == RecordingState.Recording), "{recording}", "Recordings that run");
        _meter.CreateObservableGauge("sipstream.recordings.finishing", () => engine.Recordings.Count(r => r.State == RecordingState.Finishing), "{recording}", "Recordings that are being finished");
        _meter.CreateObservableGauge("sipstream.pushes", Pushes, "{push}", "Pushes, by state");
        _meter.CreateObservableCounter("sipstream.rtp.received", () => _totals.Now(engine.Calls).Received, "{packet}", "RTP packets from the SIP side");
        _meter.CreateObservableCounter("sipstream.rtp.received.bytes", () => _totals.Now(engine.Calls).Bytes, "By", "RTP payload from the SIP side");
        _meter.CreateObservableCounter("sipstream.rtp.lost", () => _totals.Now(engine.Calls).Lost, "{packet}", "RTP packets that never came from the SIP side");
        _meter.CreateObservableCounter("sipstream.rtp.sent", () => _totals.Now(engine.Calls).Sent, "{packet}", "RTP packets to the SIP side");
        _meter.CreateObservableGauge("sipstream.rtp.jitter", Jitter, "s", "Interarrival jitter (RFC 3550 section 6.4.1) of calls that are up, the worst, by medium");
        _meter.CreateObservableCounter("sipstream.hub.dropped", () => _drops.Now(engine.Streams), "{frame}", "Frames that slow readers lost, by output");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _engine.Observe(Take);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Counts what ended; called on an engine thread.</summary>
    internal void Take(EngineEvent fact)
    {
        if (fact is not CallEnded { Call: var call }) return;
        _totals.Ended(call);
        _ended.Add(1, new("cause", call.End?.Code ?? "unknown"), new("failed", call.End?.IsFailure == true ? "true" : "false"));
        if (call.AnsweredAt is { } answered) _setup.Record(Math.Max(0, (answered - call.CreatedAt).TotalSeconds));
    }

    // Every state is told, also with no call in it: an alert needs zeros.
    private IEnumerable<Measurement<int>> Calls()
    {
        var byState = _engine.Calls.Where(c => !c.IsEnded).CountBy(c => c.Status).ToDictionary();
        return Up.Select(s => new Measurement<int>(byState.GetValueOrDefault(s), new KeyValuePair<string, object?>("state", s.ToString().ToLowerInvariant())));
    }

    private IEnumerable<Measurement<int>> Viewers()
    {
        var streams = _engine.Streams;
        yield return new(_engine.Snapshot().Viewers, new KeyValuePair<string, object?>("by", "webrtc"));
        yield return new(streams.Sum(s => s.MseViewers), new KeyValuePair<string, object?>("by", "mse"));
        yield return new(streams.Sum(s => s.HlsViewers), new KeyValuePair<string, object?>("by", "hls"));
    }

    private IEnumerable<Measurement<int>> Pushes() =>
        _engine.Pushes.CountBy(p => p.State).Select(p => new Measurement<int>(p.Value, new KeyValuePair<string, object?>("state", p.Key.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<double>> Jitter() =>
        from medium in _engine.Calls.Where(c => !c.IsEnded).SelectMany(c => c.Media)
        group medium.JitterMs by medium.Kind into kind
        select new Measurement<double>(kind.Max() / 1000, new KeyValuePair<string, object?>("medium", kind.Key == MediaKind.Audio ? "audio" : "video"));
}
