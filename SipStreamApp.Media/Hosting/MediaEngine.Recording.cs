using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

/// <content>Recordings.</content>
public sealed partial class MediaEngine
{
    /// <summary>Recordings that run, are being finished, or were not acknowledged yet; oldest first.</summary>
    public IReadOnlyList<RecordingSnapshot> Recordings => _recorder.All;

    /// <summary>The folder of finished recordings.</summary>
    public string RecordingDirectory => _recorder.Root;

    /// <summary>The full path of a recording's file or poster by its name; null where it would lie outside of the folder.</summary>
    public string? RecordingPath(string name) => _recorder.PathOf(name);

    /// <summary>
    /// How loud a finished recording is over its whole length; made at the first question and kept until the recording is discarded.
    /// Failure codes: "needs-ffmpeg", "file-not-found", "no-sound", "waveform-failed", "not-running".
    /// </summary>
    public Task<Outcome<Waveform>> WaveformAsync(RecordingSnapshot recording, CancellationToken cancel) => _recorder.Waveforms.GetAsync(recording.Id, recording.FileName, cancel);

    /// <summary>True where ffmpeg was found, so that recordings are finished to MP4 with H.264 and AAC.</summary>
    public bool CanFinishRecordings => _recorder.CanJoin;

    /// <summary>
    /// Starts to record a stream; one that is recorded already ends its file and begins another.
    /// Failure codes: "stream-not-found", "invalid-field", "disk-full", "recording-directory", "not-running".
    /// </summary>
    public Outcome<RecordingSnapshot> StartRecording(StreamName name, RecordingRequest? request = null)
    {
        if (_hub.Find(name) is not { } stream) return StreamNotFound(name);
        request ??= new RecordingRequest();
        if (request.Login.Length == 0 && stream.CallId is { } id && FindCall(id) is { } call) request = request with { Login = call.Caller };
        return Told("recording.start", name.Value, _recorder.Begin(stream, request));
    }

    /// <summary>Ends the recording of a stream; false where there is none. When the task ends, nothing is written any more.</summary>
    public Task<bool> StopRecordingAsync(StreamName name) => _hub.Find(name) is { } stream ? Told("recording.stop", name.Value, _recorder.StopAsync(stream)) : Task.FromResult(false);

    /// <summary>The recording of that id, where it is among <see cref="Recordings"/>; else null.</summary>
    public RecordingSnapshot? FindRecording(string id) => _recorder.Find(id);

    /// <summary>Says that the outcome of a recording is kept elsewhere now: it leaves <see cref="Recordings"/>.</summary>
    public void AcknowledgeRecording(string id) => _recorder.Acknowledge(id);

    /// <summary>Throws away parts of a recording that is over and could not be finished. The disk may refuse (IOException).</summary>
    public void DiscardRecording(string id) => _recorder.Discard(id);

    /// <summary>What a WCS client calls media session: the id of a call, or the name of a stream. Null where there is none.</summary>
    public StreamSnapshot? FindMediaSession(string mediaSessionId)
    {
        if (_hub.Streams.FirstOrDefault(s => s.CallId?.Value == mediaSessionId) is { } ofCall) return ofCall.Snapshot();
        return StreamName.TryParse(mediaSessionId, out var name) ? FindStream(name) : null;
    }
}
