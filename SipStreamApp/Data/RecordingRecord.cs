using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Data;

/// <summary>One recording.</summary>
internal sealed class RecordingRecord
{
    public required string Id { get; set; }
    public required string StreamName { get; set; }
    public string? CallId { get; set; }
    public required string Login { get; set; }
    public RecordingState State { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public long DurationMs { get; set; }
    public long Bytes { get; set; }
    public required string FileName { get; set; }
    public string? PosterName { get; set; }
    public string? VideoCodec { get; set; }
    public string? AudioCodec { get; set; }

    /// <summary>When somebody deleted it; the file goes a moment later, so that it can be taken back.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public static RecordingRecord From(RecordingSnapshot recording)
    {
        var row = new RecordingRecord { Id = recording.Id, StreamName = "", Login = "", FileName = "" };
        row.Update(recording);
        return row;
    }

    public void Update(RecordingSnapshot recording)
    {
        StreamName = recording.StreamName.Value;
        CallId = recording.CallId?.Value;
        Login = recording.Login;
        State = recording.State;
        Reason = recording.Reason;
        StartedAt = recording.StartedAt;
        EndedAt = recording.EndedAt;
        DurationMs = (long)recording.Duration.TotalMilliseconds;
        Bytes = recording.Bytes;
        FileName = recording.FileName;
        PosterName = recording.PosterName;
        VideoCodec = recording.VideoCodec;
        AudioCodec = recording.AudioCodec;
    }

    /// <summary>The same as the engine shows it; null where the row makes no sense.</summary>
    public RecordingSnapshot? ToSnapshot() => !Media.Primitives.StreamName.TryParse(StreamName, out var name) ? null : new RecordingSnapshot
    {
        Id = Id, StreamName = name, CallId = Media.Primitives.CallId.TryParse(CallId, out var call) ? call : null, Login = Login, State = State,
        Percent = State == RecordingState.Ready ? 100 : 0, Reason = Reason, StartedAt = StartedAt, EndedAt = EndedAt,
        Duration = TimeSpan.FromMilliseconds(DurationMs), Bytes = Bytes, FileName = FileName, PosterName = PosterName, VideoCodec = VideoCodec, AudioCodec = AudioCodec,
    };
}
