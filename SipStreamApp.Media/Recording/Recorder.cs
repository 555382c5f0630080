using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Recording;

/// <summary>The recordings of an engine: starts and ends them, has them finished, and takes up what a former run left behind. Any thread.</summary>
internal sealed partial class Recorder : IRecordingOwner, IAsyncDisposable
{
    private static readonly object Seen = new();

    private readonly RecordingOptions _options;
    private readonly string _ffmpegName;
    private readonly EngineClock _clock;
    private readonly RecordingFolder _folder;
    private readonly RecordingWorker[] _workers;
    private readonly FinishQueue _finishing;
    private readonly Action<RecordingSnapshot> _changed;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, RecordingEntry> _entries = new();
    private readonly Dictionary<LiveStream, (StreamRecording Recording, RecordingWorker Worker)> _running = [];
    private readonly ConditionalWeakTable<LiveStream, object> _automatic = [];
    private readonly Lock _gate = new();
    private bool _closed;

    public Recorder(RecordingOptions options, string ffmpeg, EngineClock clock, Action<RecordingSnapshot> changed, ILogger logger, Func<string, long?>? freeBytes = null)
    {
        (_options, _ffmpegName, _clock, _changed, _logger) = (options, ffmpeg, clock, changed, logger);
        _folder = freeBytes is null ? new RecordingFolder(options.Directory) : new RecordingFolder(options.Directory) { FreeBytes = freeBytes };
        Ffmpeg = ProgramFinder.Find(ffmpeg);
        Waveforms = new Waveforms(_folder, Ffmpeg);
        // A disk that takes its time holds up the recordings of its worker only.
        _workers = new RecordingWorker[Math.Clamp(Environment.ProcessorCount / 2, 1, 4)];
        for (var i = 0; i < _workers.Length; i++) _workers[i] = new RecordingWorker(_folder, clock, MinFree, OnOver);
        _finishing = new FinishQueue(options, new Finisher(_folder, Ffmpeg, MinFree), _folder, logger);
    }

    /// <summary>Where ffmpeg is, or null.</summary>
    public string? Ffmpeg { get; }

    public bool CanJoin => Ffmpeg is not null;

    /// <summary>What finished recordings sound like.</summary>
    public Waveforms Waveforms { get; }

    /// <summary>The folder of finished files.</summary>
    public string Root => _folder.Root;

    /// <summary>Recordings that run, are being finished, or whose outcome nobody has taken note of; oldest first.</summary>
    public IReadOnlyList<RecordingSnapshot> All => [.. _entries.Values.Select(e => e.Snapshot).OrderBy(s => s.StartedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];

    private long MinFree => (long)_options.MinFreeMegabytes << 20;

    /// <summary>Takes up what a former run left behind; in the background, for a crash leaves much to read.</summary>
    public void Start()
    {
        if (Ffmpeg is null) LogNoFfmpeg(_ffmpegName);
        _ = Task.Run(Recover);
    }

    /// <summary>The full path of a name inside the folder; null where it would lie outside.</summary>
    public string? PathOf(string name) => _folder.Resolve(name);

    public RecordingSnapshot? Find(string id) => _entries.TryGetValue(id, out var entry) ? entry.Snapshot : null;

    /// <summary>Starts to record; a recording of that stream that runs ends, and this one goes on.</summary>
    public Outcome<RecordingSnapshot> Begin(LiveStream stream, RecordingRequest request)
    {
        if (request.NameTemplate is { } wanted && RecordingName.Check(wanted) is { } wrong)
            return new Failure("invalid-field", Blame.Caller, $"fileTemplate {wrong}") { Field = "fileTemplate" };
        lock (_gate)
        {
            if (_closed) return new Failure("not-running", Blame.Server, "The media engine is not running") { Retryable = true };
            if (stream.State == StreamState.Ended) return new Failure("stream-not-found", Blame.Caller, $"There is no stream \"{stream.Name}\"");
            var replaces = _running.Remove(stream, out var former);
            var entry = NewEntry(request with { NameTemplate = request.NameTemplate ?? _options.NameTemplate, Replay = request.Replay || replaces }, stream.Name, stream.CallId);
            if (_folder.Prepare(entry.Id, MinFree) is { } failure)
            {
                if (replaces) _running[stream] = former;
                LogRefused(stream.Name, failure);
                return failure;
            }

            if (replaces) former.Recording.Stop();
            Publish(entry);
            var worker = _workers.MinBy(w => w.Count)!;
            var recording = new StreamRecording(stream, entry, _folder, RotationRule.From(_options, entry.Request), this, _clock);
            _running[stream] = (recording, worker);
            worker.Add(recording);
            LogStarted(stream.Name, entry.Id);
            return entry.Snapshot;
        }
    }

    /// <summary>Records a stream because all are recorded: once, whoever stops it later. What stands in the way shows as a failed recording.</summary>
    public void BeginAutomatically(LiveStream stream, string login)
    {
        if (!_automatic.TryAdd(stream, Seen)) return;
        _ = Task.Run(() =>
        {
            if (IsRecording(stream)) return;
            var request = new RecordingRequest { Login = login, Replay = true, NameTemplate = _options.NameTemplate };
            var outcome = Begin(stream, request);
            if (outcome.Succeeded || outcome.Failures[0].Code is not ("disk-full" or "recording-directory")) return;
            var entry = NewEntry(request, stream.Name, stream.CallId);
            _entries[entry.Id] = entry;
            entry.Set(entry.Snapshot with { State = RecordingState.Failed, Reason = outcome.Failures[0].ToString(), EndedAt = _clock.UtcNow });
        });
    }

    public bool IsRecording(LiveStream stream)
    {
        lock (_gate) return _running.ContainsKey(stream);
    }

    /// <summary>Ends the recording of a stream; false where there is none. When the task ends, nothing is written any more.</summary>
    public async Task<bool> StopAsync(LiveStream stream)
    {
        (StreamRecording Recording, RecordingWorker Worker) running;
        lock (_gate) if (!_running.Remove(stream, out running)) return false;
        running.Recording.Stop();
        running.Worker.Wake();
        await running.Recording.Over.ConfigureAwait(false);
        return true;
    }

    /// <summary>Somebody keeps the outcome of a recording now; it need not be remembered here.</summary>
    public void Acknowledge(string id)
    {
        if (!_entries.TryGetValue(id, out var entry) || !entry.Snapshot.IsOver || !_entries.TryRemove(id, out _)) return;
        try
        {
            // Parts that could not be finished stay for another try.
            if (_folder.PartsOf(id).Count == 0) _folder.DeleteWork(id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFault(e, id);
        }
    }

    /// <summary>Throws away what is left of a recording that is over: parts that could not be finished, and its waveform.</summary>
    public void Discard(string id)
    {
        if (Path.GetFileName(id) != id || id.Length == 0 || (_entries.TryGetValue(id, out var entry) && !entry.Snapshot.IsOver)) return;
        _entries.TryRemove(id, out _);
        _folder.DeleteWork(id);
        Waveforms.Discard(id);
    }

    public RecordingEntry? Next(RecordingEntry last)
    {
        var before = last.Snapshot;
        var entry = NewEntry(last.Request, before.StreamName, before.CallId);
        if (_folder.Prepare(entry.Id, MinFree) is not null) return null;
        Publish(entry);
        return entry;
    }

    public void OnWritten(RecordingEntry entry, string? reason)
    {
        var snapshot = entry.Snapshot;
        entry.Set(snapshot with { State = RecordingState.Finishing, EndedAt = _clock.UtcNow, Reason = reason ?? snapshot.Reason });
        LogWritten(snapshot.StreamName, entry.Id, reason ?? "");
        _finishing.Add(entry);
    }

    /// <summary>Ends all recordings and leaves what is not finished to the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }

        foreach (var worker in _workers) worker.Dispose();
        await _finishing.DisposeAsync().ConfigureAwait(false);
        await Waveforms.DisposeAsync().ConfigureAwait(false);
    }

    private RecordingEntry NewEntry(RecordingRequest request, StreamName stream, CallId? call) =>
        RecordingEntry.New(_folder, request, stream, call, _clock.UtcNow, s => _changed(s));

    private void Publish(RecordingEntry entry)
    {
        _entries[entry.Id] = entry;
        entry.Set(entry.Snapshot);
    }

    private void OnOver(StreamRecording recording, Exception? fault)
    {
        if (fault is not null) LogFault(fault, recording.Entry.Id);
        lock (_gate)
            if (_running.TryGetValue(recording.Stream, out var running) && running.Recording == recording) _running.Remove(recording.Stream);
    }

    private void Recover()
    {
        try
        {
            foreach (var id in _folder.Open())
                if (!_entries.ContainsKey(id)) Recover(id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFault(e, "");
        }
    }

    private void Recover(string id)
    {
        var manifest = RecordingManifest.Load(_folder.WorkOf(id));
        if (manifest?.ToSnapshot(id) is not { } snapshot)
        {
            if (_folder.PartsOf(id).Count == 0) _folder.DeleteWork(id);
            return;
        }

        var entry = new RecordingEntry(_folder, new RecordingRequest { NameTemplate = manifest.Template, Login = manifest.Login }, snapshot, s => _changed(s)) { FileName = manifest.File };
        _entries[id] = entry;
        if (snapshot.IsOver)
        {
            entry.Set(snapshot);
            return;
        }

        LogRecovered(snapshot.StreamName, id);
        var last = _folder.PartsOf(id).Select(f => new DateTimeOffset(File.GetLastWriteTimeUtc(f), TimeSpan.Zero)).DefaultIfEmpty(snapshot.StartedAt).Max();
        var interrupted = snapshot.State == RecordingState.Recording ? "The server went down during the recording" : snapshot.Reason;
        entry.Set(snapshot with { State = RecordingState.Finishing, EndedAt = snapshot.EndedAt ?? last, Reason = interrupted });
        _finishing.Add(entry);
    }

    [LoggerMessage(RecordingLogIds.Started, LogLevel.Information, "Recording {Id} of stream {Stream} started")]
    private partial void LogStarted(StreamName stream, string id);

    [LoggerMessage(RecordingLogIds.Refused, LogLevel.Warning, "Stream {Stream} is not recorded: {Failure}")]
    private partial void LogRefused(StreamName stream, Failure failure);

    [LoggerMessage(RecordingLogIds.Written, LogLevel.Information, "Recording {Id} of stream {Stream} ended {Reason}")]
    private partial void LogWritten(StreamName stream, string id, string reason);

    [LoggerMessage(RecordingLogIds.Recovered, LogLevel.Warning, "Recording {Id} of stream {Stream} was left unfinished; it is taken up now")]
    private partial void LogRecovered(StreamName stream, string id);

    [LoggerMessage(RecordingLogIds.FfmpegMissing, LogLevel.Warning, "\"{Program}\" was not found: recordings stay as they are written during the call")]
    private partial void LogNoFfmpeg(string program);

    [LoggerMessage(RecordingLogIds.Fault, LogLevel.Error, "Recording {Id}")]
    private partial void LogFault(Exception fault, string id);
}
