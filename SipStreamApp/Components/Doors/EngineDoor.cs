using System.Net;
using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Doors;

/// <summary>The engine for pages: what it shows is for all of them, what it does for operators.</summary>
internal sealed class EngineDoor(PageRights rights, MediaEngine engine, RemovedViewers removed) : Door(rights)
{
    [ForViewers]
    public EngineOptions Options => engine.Options;

    [ForViewers]
    public IReadOnlyList<RecordingSnapshot> Recordings => engine.Recordings;

    [ForViewers]
    public IReadOnlyList<PushSnapshot> Pushes => engine.Pushes;

    [ForViewers]
    public bool CanFinishRecordings => engine.CanFinishRecordings;

    [ForViewers]
    public string RecordingDirectory => engine.RecordingDirectory;

    [ForViewers]
    public EngineSnapshot Snapshot() => engine.Snapshot();

    [ForViewers]
    public IReadOnlyList<ViewerSnapshot> ViewersOf(StreamName stream) => engine.ViewersOf(stream);

    [ForViewers]
    public IReadOnlyList<HttpViewer> HttpViewersOf(StreamName stream) => engine.HttpViewersOf(stream);

    [ForViewers]
    public CallTraceReader? FindTrace(CallId id) => engine.FindTrace(id);

    /// <summary>Places a call in the name of who asks.</summary>
    public Task<Outcome<CallSnapshot>> StartCallAsync(CallRequest request) => AskAsync(Scopes.Control, () => engine.StartCall(request with { Owner = Caller.Owner }));

    /// <summary>Places the call that needs nothing.</summary>
    public Task<Outcome<CallSnapshot>> StartDemoAsync() => AskAsync(Scopes.Control, () => engine.StartCall(DemoCall.Request(engine) with { Owner = Caller.Owner }));

    /// <summary>Failure codes: "not-allowed", "call-not-found".</summary>
    public Task<Failure?> HangUpAsync(CallId id) => AskAsync(Scopes.Control, async () =>
        await engine.HangUpAsync(id) ? null : new Failure("call-not-found", Blame.Caller, L("This call has ended already")));

    public Task<Outcome<PushSnapshot>> StartPushAsync(PushRequest request) => AskAsync(Scopes.Control, () => engine.StartPush(request));

    public Task<Failure?> RetryPushAsync(string id) => AskAsync(Scopes.Control, () => Task.FromResult(engine.RetryPush(id)));

    public Task<Failure?> MutePushAsync(string id, bool muted) => AskAsync(Scopes.Control, () => Task.FromResult(engine.MutePush(id, muted) ? null : NoPush));

    public Task<Failure?> StopPushAsync(string id) => AskAsync(Scopes.Control, async () => await engine.StopPushAsync(id) ? null : NoPush);

    public Task<Failure?> TestPushAsync(string url, CancellationToken cancel) => AskAsync(Scopes.Control, () => engine.TestPushAsync(url, cancel));

    public Task<Outcome<RecordingSnapshot>> StartRecordingAsync(StreamName stream) => AskAsync(Scopes.Control, () => engine.StartRecording(stream));

    public Task<Failure?> StopRecordingAsync(StreamName stream) => AskAsync(Scopes.Control, async () =>
        await engine.StopRecordingAsync(stream) ? null : new Failure("recording-not-found", Blame.Caller, L("Nothing is recorded of this stream")));

    /// <summary>Ends a viewer's session and refuses his address for a while.</summary>
    public Task<Failure?> KickAsync(ViewerSnapshot viewer) => AskAsync(Scopes.Control, () =>
    {
        if (removed.AskedBy(viewer.SessionId) is { } asked) removed.Add(viewer.Stream, asked);
        else if (IPEndPoint.TryParse(viewer.RemoteAddress, out var end)) removed.Add(viewer.Stream, end.Address);
        engine.StopWatching(viewer.SessionId);
        return Task.FromResult<Failure?>(null);
    });

    /// <summary>The same for a player by MSE or HLS.</summary>
    public Task<Failure?> KickAsync(HttpViewer viewer) => AskAsync(Scopes.Control, () =>
    {
        engine.RemoveHttpViewer(viewer.Id);
        return Task.FromResult<Failure?>(null);
    });

    private static Failure NoPush => new("push-not-found", Blame.Caller, L("No such push"), L("It has ended or never was."));
}
