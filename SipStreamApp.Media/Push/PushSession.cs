using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Push;

/// <summary>
/// One stream on its way to one server: makes connections (a child and a feed each) until the stream ends or it is told to stop.
/// Its task waits asynchronously for everything, so a push costs no thread, and a target that blocks holds up nobody but itself.
/// </summary>
internal sealed partial class PushSession : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly PushServices _services;
    private readonly ILogger _logger;
    private readonly PushAddress _target;
    private readonly LiveStream _stream;
    private readonly PushMeter _meter = new();
    private readonly Backoff _backoff;
    private readonly PushSound _sound = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<PushSession> _changed;
    private PushSnapshot _snapshot;
    private (string File, bool Loop)? _soundWanted;
    private ChildProcess? _child;
    private SenderProgress _progress = new();
    private PushFeed? _feed;
    private Failure? _killedFor;
    private bool _isWriting;
    private volatile bool _isHurried;
    private long _dropped;
    private bool _wasPublished;
    private Instant _publishingAt = Instant.Never;

    public PushSession(PushServices services, PushRequest request, PushAddress asked, PushAddress target, string name, LiveStream stream, Action<PushSession> changed)
    {
        (_services, _logger, Asked, _target, _stream, _changed) = (services, services.Logger, asked, target, stream, changed);
        _backoff = new Backoff(services.Limits.FirstRetry, services.Limits.LastRetry);
        _sound.Muted = request.Muted;
        if (request.SoundFile is { } file) _soundWanted = (file, request.LoopSound);
        _snapshot = new PushSnapshot
        {
            Id = Guid.NewGuid().ToString("N"), Stream = request.Stream, Name = name, Target = asked.Masked, State = PushState.Waiting,
            CreatedAt = services.Clock.UtcNow, Muted = request.Muted, SoundFile = request.SoundFile,
        };
    }

    public string Id => _snapshot.Id;

    /// <summary>The address as it was asked for.</summary>
    public PushAddress Asked { get; }

    public LiveStream Stream => _stream;

    /// <summary>Ends with the push.</summary>
    public Task Done { get; private set; } = Task.CompletedTask;

    public PushSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot with
                {
                    BytesSent = _meter.Total, BitrateKbps = _meter.Kbps, Dropped = _dropped + (_feed?.Dropped ?? 0), Muted = _sound.Muted,
                    SoundFile = _soundWanted?.File ?? _sound.Clip?.Name,
                };
            }
        }
    }

    public void Start() => Done = Task.Run(RunAsync);

    /// <summary>Ends it; the server is told the end in the regular way where it still listens.</summary>
    public Task StopAsync()
    {
        _stop.Cancel();
        return Done;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Twice a second, by the one ticker of all pushes: counts, notices what hangs, lets silence flow.</summary>
    public void Tick(Instant now, SocketBacklog backlog)
    {
        ChildProcess? hung = null;
        var began = false;
        lock (_gate)
        {
            if (_child is not { } child) return;
            var given = _progress.Size;
            var (waiting, isFull) = given > 0 ? backlog.Of(child.ProcessId) : default;
            _meter.Read(now, given, waiting);

            // One report may be of what the system took for a server that hangs up the next moment.
            began = _snapshot.State == PushState.Connecting && _progress.Reports >= 2;
            if (began) Began(now);
            if (IsProven(now) && _backoff.Failures > 0)
            {
                _backoff.Reset();
                _snapshot = _snapshot with { FailedAttempts = 0 };
            }

            if (_killedFor is null && _meter.Hangs(now, isFull ? _services.Limits.FullStall : _services.Limits.Stall, _isWriting))
            {
                _killedFor = _snapshot.State == PushState.Publishing ? PushCauses.Hangs : PushCauses.NoAnswer;
                hung = child;
            }

            _feed?.Wake.Set();
        }

        hung?.Kill();
        if (!began) return;
        LogPublishing(Id, _stream.Name, _target.Masked);
        _changed(this);
    }

    /// <summary>Sends silence instead of the call's sound, or no longer.</summary>
    public void SetMuted(bool muted) => _sound.Muted = muted;

    /// <summary>Sends a sound file instead of the call's sound. What stands in the way is returned.</summary>
    public async Task<Failure?> PlayAsync(string file, bool loop, CancellationToken cancel)
    {
        if (SoundFile.Find(_services.Limits.MediaFolder, file, out var failure) is null) return failure;
        var codec = (_feed?.Audio ?? _stream.AudioFormat)?.Codec;
        if (codec is null && _stream.State == StreamState.Live) return new Failure("no-sound-track", Blame.Caller, "The call has no sound, so there is nothing to replace");
        _soundWanted = (file, loop);
        return codec is { } known ? await LoadSoundAsync(known, cancel) : null;
    }

    /// <summary>Makes the next attempt at once; false where none is waited for.</summary>
    public bool Hurry() => Snapshot.State == PushState.Retrying && (_isHurried = true);

    /// <summary>Goes back to the call's sound.</summary>
    public void StopPlaying() => (_soundWanted, _sound.Clip) = (null, null);

    private bool IsProven(Instant now) => _publishingAt != Instant.Never && now - _publishingAt >= _services.Limits.Proven;

    private void Began(Instant now)
    {
        _publishingAt = now;
        _snapshot = _snapshot with
        {
            State = PushState.Publishing, PublishingSince = _services.Clock.UtcNow, Cause = null, Raw = null, Reconnects = _snapshot.Reconnects + (_wasPublished ? 1 : 0),
        };
        _wasPublished = true;
    }

    private void Move(Func<PushSnapshot, PushSnapshot> change)
    {
        lock (_gate) _snapshot = change(_snapshot);
        _changed(this);
    }

    private void Finish(PushState state, Failure? cause)
    {
        Move(s => s with { State = state, Cause = cause, RetryAt = null, PublishingSince = null, EndedAt = _services.Clock.UtcNow });
        LogEnded(Id, _stream.Name, state, _meter.Total);
    }

    private async Task<Failure?> LoadSoundAsync(Codec codec, CancellationToken cancel)
    {
        if (_soundWanted is not { } wanted || (_sound.Clip is { } clip && clip.Codec == codec)) return null;
        var path = SoundFile.Find(_services.Limits.MediaFolder, wanted.File, out var failure);
        if (path is null) return failure;
        var packets = await SoundFile.EncodeAsync(_services.Limits.Ffmpeg, path, codec, cancel);
        if (!packets.Succeeded) return packets.Failures[0];
        if (_soundWanted == wanted) _sound.Clip = new SoundClip(wanted.File, codec, packets.Value, wanted.Loop);
        if (!wanted.Loop) _soundWanted = null;
        return null;
    }
}
