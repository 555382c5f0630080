using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;

namespace SipStreamApp.Media.Hosting;

/// <summary>The one door to the media engine: control goes in here, facts leave as snapshots and events.</summary>
public sealed partial class MediaEngine : IAsyncDisposable
{
    // A browser that asks while the phone still rings is answered as soon as the tracks are known; longer waits are for it to repeat.
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(10);

    private readonly EngineClock _clock;
    private readonly StreamHub _hub;
    private readonly EngineEvents _events = new();
    private readonly CallSide _calls;
    private readonly WebRtcHost _viewers;
    private readonly Recorder _recorder;
    private readonly LiveOutputs _live;
    private volatile bool _running;

    /// <summary>Wires the engine; nothing is bound before <see cref="StartAsync"/>.</summary>
    public MediaEngine(EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        Outgoing = new OutgoingGuard(options.Outgoing.PrivateTargets == "refuse", options.Outgoing.Allowed);
        _clock = new EngineClock(time);
        Cpu = new CpuGauge(options.Limits.CpuPercent, _clock, time);
        _hub = new StreamHub(_clock, new StreamHubOptions()) { Changed = s => _events.Raise(new StreamChanged(s.Snapshot())) };
        _sounds = new SoundLibrary(Path.Combine(options.DataDirectory, "media"), options.Media.Ffmpeg);
        _calls = new CallSide(options, _clock, _hub, new CallEvents(OnCallChanged, OnIncomingCall, OnTransferred), _sounds, loggers);
        _live = new LiveOutputs(_hub, _clock, time, options.Media.Ffmpeg, loggers);
        _viewers = new WebRtcHost(
            new WebRtcHostOptions
            {
                Address = options.WebRtc.Address, Port = options.WebRtc.Port, PublicAddress = options.Media.PublicAddress,
                MaxViewers = options.Limits.Viewers, DataDirectory = options.DataDirectory, JitterTarget = TimeSpan.FromMilliseconds(options.Media.JitterBufferMs),
            },
            _clock, loggers) { Changed = OnBrowserChanged };
        _pushLogger = loggers.CreateLogger<PushManager>();
        _pushes = MakePushes(this, _pushLogger);
        var recording = options.Recording.Directory.Length > 0 ? options.Recording : options.Recording with { Directory = Path.Combine(options.DataDirectory, "recordings") };
        _recorder = new Recorder(recording with { Outgoing = Outgoing }, options.Media.Ffmpeg, _clock, OnRecordingChanged, loggers.CreateLogger<Recorder>());
    }

    /// <summary>The settings it runs with.</summary>
    public EngineOptions Options { get; }

    /// <summary>Where the program may connect to on somebody's word.</summary>
    public OutgoingGuard Outgoing { get; }

    /// <summary>Calls that are up, and for some seconds those that ended.</summary>
    public IReadOnlyList<CallSnapshot> Calls => _calls.Manager?.All ?? [];

    /// <summary>Streams that are reserved or live.</summary>
    public IReadOnlyList<StreamSnapshot> Streams => [.. _hub.Streams.Select(s => s.Snapshot()).OrderBy(s => s.CreatedAt)];

    internal CpuGauge Cpu { get; }

    internal MediaFramePool Frames => _hub.Frames;

    internal WebRtcHost Viewers => _viewers;

    internal StreamHub Hub => _hub;

    /// <summary>Binds the ports and starts. Returns what stood in the way (a port that is taken), or null.</summary>
    public async Task<Failure?> StartAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Options.DataDirectory);
        if (_calls.Start() is { } failure) return failure;
        if (_viewers.Start() is { } other)
        {
            await _calls.DisposeAsync();
            return other.Field is null ? other with { Field = "WebRtc:Port", Advice = "Choose another port with WebRtc:Port, or 0 for any free one." } : other;
        }

        _calls.Manager!.IsOverloaded = () => Cpu.Refusal is not null;
        _recorder.Start();
        _running = true;
        return null;
    }

    /// <summary>Ends all calls with BYE, un-registers, closes the viewers and frees the ports.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (!_running) return;
        _running = false;
        await _calls.StopAsync(cancel);
        await _pushes.DisposeAsync();
        await _recorder.DisposeAsync();
        await _viewers.DisposeAsync();
        await _live.DisposeAsync();
        await _calls.DisposeAsync();
    }

    /// <summary>Figures of the whole engine.</summary>
    public EngineSnapshot Snapshot() => new(
        _running, $"{Options.Sip.Address}:{_calls.SipPort}", _calls.SipPort, _viewers.Port, _calls.Manager?.Count ?? 0, _hub.Streams.Count(), _viewers.Counts.Viewers);

    /// <summary>
    /// Starts a call and returns at once. Failure codes: "invalid-field" (Field says which), "call-id-taken", "stream-taken", "callee-not-allowed",
    /// "domain-not-allowed", "caller-limit", "call-limit", "overloaded", "draining", "not-running".
    /// </summary>
    public Outcome<CallSnapshot> StartCall(CallRequest request)
    {
        if (!_running || _calls.Manager is not { } manager) return CallManager.NotRunning;
        if (_draining) return IsDraining;
        if (Cpu.Refusal is { } overloaded) return overloaded;
        return Told("call.start", request.CallId ?? request.Callee, CheckPush(request) is { } wrong ? wrong : WithPush(request, manager.Start(request with { TraceParent = Activity.Current?.Id })));
    }

    /// <summary>The call of that id: one that is up, or one that ended a few seconds ago; else null.</summary>
    public CallSnapshot? FindCall(CallId id) => _calls.Manager?.Find(id);

    /// <summary>Hangs up (CANCEL or BYE). False where no call of that id is up; when the task ends, it is not up any more.</summary>
    public Task<bool> HangUpAsync(CallId id) => Told("call.hang-up", id.Value, _calls.Manager?.HangUpAsync(id, CallCauses.HungUpHere) ?? Task.FromResult(false));

    /// <summary>Refuses a call that rings here with 403 Forbidden. False where no call of that id is up.</summary>
    public Task<bool> ForbidAsync(CallId id) => Told("call.forbid", id.Value, _calls.Manager?.HangUpAsync(id, CallCauses.ForbiddenHere) ?? Task.FromResult(false));

    /// <summary>The stream of that name, or null.</summary>
    public StreamSnapshot? FindStream(StreamName name) => _hub.Find(name)?.Snapshot();

    /// <summary>
    /// Answers a browser's SDP offer for a stream (WHEP). Waits a while for a stream that is reserved by a call in progress.
    /// Failure codes: "stream-not-found", "stream-not-ready", "no-common-codec", "bad-offer", "viewer-limit", "overloaded", "not-running".
    /// </summary>
    /// <param name="name">The stream.</param>
    /// <param name="offer">The SDP offer.</param>
    /// <param name="localAddress">The address the request came in on: an ICE candidate the browser can surely reach.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<Outcome<WatchAnswer>> WatchAsync(StreamName name, string offer, IPAddress? localAddress, CancellationToken cancel)
    {
        if (NoMoreViewers is { } full) return full;
        var found = await FindLiveAsync(name, WatchPatience, cancel);
        if (!found.Succeeded) return found.Failures.ToList();
        var outcome = await _viewers.AnswerAsync(found.Value, null, offer, localAddress, cancel);
        if (outcome.Value is { } session) return new WatchAnswer(session.SessionId, session.Sdp);
        return outcome.Failures is [{ Code: "stream-ended" }, ..] ? StreamNotFound(name) : outcome.Failures.ToList();
    }

    /// <summary>Ends a browser's session, whether it watches, publishes or was only offered one. False where there is none of that id.</summary>
    public bool StopWatching(string sessionId) => _viewers.Close(sessionId);

    /// <summary>Tries a registration with this identity and takes it back.</summary>
    public async Task<RegistrationCheck> TestAccountAsync(SipIdentity identity, CancellationToken cancel)
    {
        if (_running && _calls.Services is { } services) return await AccountTester.TestAsync(services, identity, cancel);
        return new RegistrationCheck(false, CallCauses.Of(CallManager.NotRunning), TimeSpan.Zero);
    }

    /// <summary>Hands every event to <paramref name="observer"/>, on an engine thread, until disposed of.</summary>
    public IDisposable Observe(Action<EngineEvent> observer) => _events.Add(observer);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cpu.Dispose();
        await StopAsync(CancellationToken.None);
        await _recorder.DisposeAsync();
        await _viewers.DisposeAsync();
        await _live.DisposeAsync();
        await _calls.DisposeAsync();
    }

    private static Failure StreamNotFound(StreamName name) =>
        new("stream-not-found", Blame.Caller, $"There is no stream \"{name}\"", "Check the name; a stream is there while its call is up.");

    private void OnCallChanged(CallSnapshot call)
    {
        if (Options.Recording.RecordCalls && call is { IsEnded: false, AnsweredAt: not null } && _hub.Find(call.StreamName) is { } stream)
            _recorder.BeginAutomatically(stream, call.Caller);
        TraceCall(call);
        _events.Raise(call.IsEnded ? new CallEnded(call) : new CallChanged(call));
    }

    private void OnRecordingChanged(RecordingSnapshot recording)
    {
        TraceRecording(recording);
        _events.Raise(new RecordingChanged(recording));
    }
}
