using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

/// <summary>Somebody calls an identity that is kept registered: answer with <see cref="MediaEngine.AnswerAsync"/>, or refuse by hanging up.</summary>
/// <param name="Call">The call; it rings, and says which codecs were offered.</param>
public sealed record IncomingCall(CallSnapshot Call) : EngineEvent;

/// <summary>The transfer of a call went on.</summary>
/// <param name="Call">The call that is transferred.</param>
/// <param name="Status">How far it got.</param>
public sealed record TransferChanged(CallSnapshot Call, TransferStatus Status) : EngineEvent;

/// <content>What can be done to a call that is up, and calls that come in.</content>
public sealed partial class MediaEngine
{
    private readonly SoundLibrary _sounds;

    /// <summary>
    /// Presses keys in a call, one after the other; ready when the last one was sent. Failure codes: "call-not-found", "call-not-answered",
    /// "invalid-field" (dtmf), "dtmf-not-negotiated", "dtmf-refused", "dtmf-queue-full", "call-ended", "not-running".
    /// </summary>
    /// <param name="id">The call.</param>
    /// <param name="digits">1 to 64 of 0-9, *, #, A-D.</param>
    /// <param name="way">In the sound, or by SIP INFO.</param>
    /// <param name="cancel">Gives up waiting; what was handed over is sent all the same.</param>
    public Task<Failure?> SendDtmfAsync(CallId id, string digits, DtmfWay way, CancellationToken cancel) => ControlAsync(id, c => c.SendKeysAsync(digits, way), cancel);

    /// <summary>
    /// Puts the other side on hold; ready when it has agreed. What is injected is still sent: music on hold. Failure codes: "call-not-found",
    /// "call-not-answered", "call-busy", "change-refused", "call-ended", "not-running".
    /// </summary>
    public Task<Failure?> HoldAsync(CallId id, CancellationToken cancel) => ControlAsync(id, static c => c.HoldAsync(true), cancel);

    /// <summary>Takes the other side off hold. Failure codes as with <see cref="HoldAsync"/>.</summary>
    public Task<Failure?> ResumeAsync(CallId id, CancellationToken cancel) => ControlAsync(id, static c => c.HoldAsync(false), cancel);

    /// <summary>
    /// Asks the other side to call <paramref name="target"/> in our place (blind transfer); ready when it has agreed to try, and
    /// <see cref="TransferChanged"/> tells the rest. Once the target is reached the call ends. Failure codes: "call-not-found",
    /// "call-not-answered", "invalid-field" (target), "call-busy", "transfer-refused", "call-ended", "not-running".
    /// </summary>
    public Task<Failure?> TransferAsync(CallId id, string target, CancellationToken cancel) => ControlAsync(id, c => c.TransferAsync(target), cancel);

    /// <summary>
    /// Plays a file of the server's media folder to the other side, once; then what was sent before goes on. Failure codes: "sound-not-found",
    /// "sound-unreadable", "call-not-found", "call-not-answered", "no-sound-in-call", "needs-ffmpeg", "not-running".
    /// </summary>
    public Task<Failure?> InjectSoundAsync(CallId id, string fileName, CancellationToken cancel) => ControlAsync(id, c => c.PlayAsync(fileName, cancel), cancel);

    /// <summary>
    /// Sends a stream to the other side instead of silence, until it is stopped or replaced, or ends. The stream may be only reserved, and
    /// the call not answered yet. Failure codes: "call-not-found", "stream-not-found", "not-running"; with the sound being sent all the same
    /// "picture-codec-differs", and with the picture "needs-ffmpeg".
    /// </summary>
    public Task<Failure?> InjectStreamAsync(CallId id, StreamName stream, CancellationToken cancel)
    {
        if (FindCall(id) is not { IsEnded: false }) return Task.FromResult<Failure?>(_running ? CallControlFailures.NotFound : CallManager.NotRunning);
        return _hub.Find(stream) is { } found ? ControlAsync(id, c => c.InjectAsync(found), cancel) : Task.FromResult<Failure?>(StreamNotFound(stream));
    }

    /// <summary>Goes back to silence; false where nothing else was sent.</summary>
    public Task<bool> StopInjectingAsync(CallId id) => _calls.Manager?.StopInjectingAsync(id) ?? Task.FromResult(false);

    /// <summary>
    /// Registers an identity and keeps it registered until disposed of; calls for it come as <see cref="IncomingCall"/>. Shared with calls of
    /// the same identity. <paramref name="changed"/> is called on an engine thread: it only queues.
    /// </summary>
    public IAsyncDisposable KeepRegistered(SipIdentity identity, Action<RegistrationChange> changed) => Keep(identity, null, changed);

    /// <summary>
    /// The same, and calls for it are answered at once and become streams (<paramref name="rule"/>): they come as other calls do. Only calls
    /// that the identity's own server passes on are; an identity that does not register is a trunk. While <see cref="KeepRegistered"/> holds
    /// the same identity, calls ring there instead.
    /// </summary>
    public IAsyncDisposable AnswerCalls(SipIdentity identity, AnswerRule rule, Action<RegistrationChange> changed) => Keep(identity, rule, changed);

    private IAsyncDisposable Keep(SipIdentity identity, AnswerRule? rule, Action<RegistrationChange> changed)
    {
        if (_running && _calls.Kept is { } kept) return kept.Keep(identity, rule, changed);
        changed(new RegistrationChange(identity, RegistrationStatus.Failed, CallCauses.Of(CallManager.NotRunning)));
        return NothingKept.Instance;
    }

    /// <summary>
    /// Answers a call that rings here, with just those codecs; null refuses that kind. Failure codes: "call-not-found", "call-not-ringing",
    /// "no-common-codec", "ports-exhausted", "not-running".
    /// </summary>
    public async Task<Outcome<CallSnapshot>> AnswerAsync(CallId id, Codec? audio, Codec? video, CancellationToken cancel) =>
        _running && _calls.Manager is { } manager ? await manager.AnswerAsync(id, audio, video, cancel) : CallManager.NotRunning;

    private Task<Failure?> ControlAsync(CallId id, Func<CallSession, Task<Failure?>> work, CancellationToken cancel) =>
        _running && _calls.Manager is { } manager ? manager.ControlAsync(id, work, cancel) : Task.FromResult<Failure?>(CallManager.NotRunning);

    private void OnIncomingCall(CallSnapshot call) => _events.Raise(new IncomingCall(call));

    private void OnTransferred(CallSnapshot call, TransferStatus status) => _events.Raise(new TransferChanged(call, status));

    private sealed class NothingKept : IAsyncDisposable
    {
        public static readonly NothingKept Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
