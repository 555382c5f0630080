using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>A recording as the recorder keeps it: its newest snapshot, and how it is remembered on disk.</summary>
internal sealed class RecordingEntry(RecordingFolder folder, RecordingRequest request, RecordingSnapshot first, Action<RecordingSnapshot> changed)
{
    private RecordingSnapshot _snapshot = first;

    public string Id { get; } = first.Id;

    public RecordingRequest Request { get; } = request;

    public string Template => Request.NameTemplate!;

    /// <summary>The name the finished file has got; null before.</summary>
    public string? FileName { get; set; }

    public RecordingSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public string Work => folder.WorkOf(Id);

    public static RecordingEntry New(RecordingFolder folder, RecordingRequest request, StreamName stream, CallId? call, DateTimeOffset now, Action<RecordingSnapshot> changed)
    {
        var snapshot = new RecordingSnapshot { Id = Guid.CreateVersion7().ToString("N"), StreamName = stream, CallId = call, Login = request.Login, StartedAt = now, FileName = "" };
        return new RecordingEntry(folder, request, snapshot with { FileName = RecordingName.Make(request.NameTemplate!, snapshot) + ".mp4" }, changed);
    }

    /// <summary>Notes figures; nobody is told.</summary>
    public void Note(RecordingSnapshot snapshot) => Volatile.Write(ref _snapshot, snapshot);

    /// <summary>Remembers the snapshot on disk and tells it. A disk that refuses costs only the memory of it.</summary>
    public void Set(RecordingSnapshot snapshot)
    {
        Note(snapshot);
        try
        {
            if (Directory.Exists(Work)) RecordingManifest.Of(snapshot, Template, FileName).Save(Work);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (snapshot.Reason is null) Note(snapshot with { Reason = $"The folder of recordings cannot be written: {e.Message}" });
        }

        changed(Snapshot);
    }
    /// <summary>Tells the snapshot without remembering it on disk.</summary>
    public void Tell() => changed(Snapshot);
}
