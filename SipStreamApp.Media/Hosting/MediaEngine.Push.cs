using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Media.Hosting;

/// <summary>A push came into being, changed its state or ended.</summary>
/// <param name="Push">The push after the change.</param>
public sealed record PushChanged(PushSnapshot Push) : EngineEvent;

/// <summary>Streams that are sent on to other servers.</summary>
public sealed partial class MediaEngine
{
    private readonly ILogger _pushLogger;
    private readonly PushManager _pushes;

    /// <summary>Pushes that run, and for some minutes those that ended; oldest first.</summary>
    public IReadOnlyList<PushSnapshot> Pushes => _pushes.All;

    /// <summary>
    /// Starts to send a stream to a server and returns at once; the stream may still be only reserved by its call. Failure codes: "invalid-field",
    /// "stream-not-found", "push-taken", "push-limit", "sound-not-found", "overloaded", "not-running".
    /// </summary>
    public Outcome<PushSnapshot> StartPush(PushRequest request)
    {
        if (!_running) return CallManager.NotRunning;
        if (Cpu.Refusal is { } overloaded) return overloaded;
        return Told("push.start", request.Stream.Value, _pushes.Start(request));
    }

    /// <summary>Pushes that run; those to one address where it is given. Addresses are never shown, but they can be asked for.</summary>
    public IReadOnlyList<PushSnapshot> FindPushes(string? url = null) => [.. _pushes.Find(url)];

    /// <summary>The push that was started with the call; null where none was.</summary>
    public PushSnapshot? PushOf(CallSnapshot call) => call.RtmpUrl is { } url ? _pushes.Of(call.Id, call.StreamName, url) : null;

    /// <summary>Ends a push; false where none of that id runs. It is over when the task ends.</summary>
    public async Task<bool> StopPushAsync(string id)
    {
        if (_pushes.Session(id) is not { } push) return false;
        _events.Raise(new Commanded("push.stop", id, true));
        await push.StopAsync();
        return true;
    }

    /// <summary>Makes the next attempt of a push that is retrying at once. Returns what stood in the way ("push-not-found", "push-not-waiting"), or null.</summary>
    public Failure? RetryPush(string id)
    {
        if (_pushes.Session(id) is not { } push) return new Failure("push-not-found", Blame.Caller, "No such push", "It has ended or never was.");
        var hurried = push.Hurry();
        _events.Raise(new Commanded("push.retry", id, hurried));
        return hurried ? null : new Failure("push-not-waiting", Blame.Caller, "The push waits for no attempt", "It is connected, or connecting already.");
    }

    /// <summary>
    /// Tries whether an RTMP server is there, speaks RTMP and takes the application, without publishing anything. Null: it does. Failure codes:
    /// "invalid-field", "private-target", "test-not-possible" (SRT, RTSP) and those of a push that broke.
    /// </summary>
    public async Task<Failure?> TestPushAsync(string url, CancellationToken cancel) =>
        PushAddress.TryParse(url, out var address, out var wrong) ? await RtmpProbe.TestAsync(address, _pushes.Limits, cancel).ConfigureAwait(false) : wrong;

    /// <summary>Sends silence instead of the call's sound, or no longer. False where no push of that id runs.</summary>
    public bool MutePush(string id, bool muted)
    {
        if (_pushes.Session(id) is not { } push) return false;
        push.SetMuted(muted);
        return true;
    }

    /// <summary>Sends a file of the media folder instead of the call's sound; null goes back to the call. Returns what stood in the way, or null.</summary>
    public async Task<Failure?> PlayToPushAsync(string id, string? soundFile, bool loop, CancellationToken cancel)
    {
        if (_pushes.Session(id) is not { } push) return new Failure("push-not-found", Blame.Caller, "No such push", "It has ended or never was.");
        if (soundFile is not null) return await push.PlayAsync(soundFile, loop, cancel);
        push.StopPlaying();
        return null;
    }

    /// <summary>What is wrong with the address a call is to be pushed to, or null.</summary>
    private Failure? CheckPush(CallRequest request)
    {
        if (request.RtmpUrl is not { } url) return null;
        if (request.RtmpStream is { } name && !StreamName.TryParse(name, out _))
            return new Failure("invalid-field", Blame.Caller, "rtmpStream must be 1 to 64 letters, digits, dots, underscores or hyphens") { Field = "rtmpStream" };
        if (PushManager.Check(url) is { } wrong) return wrong;
        return request.RtmpStream is { } wanted && _pushes.IsTaken(url, wanted)
            ? new Failure("push-taken", Blame.Caller, "Another call is already sent to this address under this name", "Choose another rtmpStream.") { Field = "rtmpStream" }
            : null;
    }

    private Outcome<CallSnapshot> WithPush(CallRequest request, Outcome<CallSnapshot> started)
    {
        if (started.Value is not { } call || request.RtmpUrl is not { } url) return started;
        if (_pushes.Start(new PushRequest(call.StreamName, url) { Name = request.RtmpStream }) is { Succeeded: false } refused)
            LogPushRefused(_pushLogger, call.Id, refused.Failures[0].Title);
        return started;
    }

    private static PushManager MakePushes(MediaEngine engine, ILogger logger)
    {
        var options = engine.Options;
        var limits = new PushLimits
        {
            Ffmpeg = options.Media.Ffmpeg, NamePrefix = options.Push.NamePrefix, AudioKbps = options.Push.AudioKbps, MaxPushes = options.Limits.Pushes,
            VerifyCertificates = options.Push.VerifyCertificates, Outgoing = engine.Outgoing, MediaFolder = Path.Combine(options.DataDirectory, "media"),
        };
        return new PushManager(new PushServices(engine._clock, engine._hub, limits, logger), p =>
        {
            engine.TracePush(p);
            engine._events.Raise(new PushChanged(p));
        });
    }

    [LoggerMessage(1410, LogLevel.Warning, "Call {CallId} is up, but its push was refused: {Cause}")]
    private static partial void LogPushRefused(ILogger logger, CallId callId, string cause);
}
