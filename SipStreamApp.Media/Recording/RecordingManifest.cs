using System.Text.Json;
using System.Text.Json.Serialization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>What must be known of a recording to finish it after a crash. Lies beside its parts.</summary>
internal sealed record RecordingManifest
{
    private const string FileName = "recording.json";

    public required string Stream { get; init; }
    public string? Call { get; init; }
    public string Login { get; init; } = "";
    public required string Template { get; init; }
    public RecordingState State { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public long DurationMs { get; init; }
    public long Bytes { get; init; }
    public string? File { get; init; }
    public string? Poster { get; init; }
    public string? Video { get; init; }
    public string? Audio { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }

    public static RecordingManifest Of(RecordingSnapshot s, string template, string? file) => new()
    {
        Stream = s.StreamName.Value, Call = s.CallId?.Value, Login = s.Login, Template = template, State = s.State, Reason = s.Reason,
        StartedAt = s.StartedAt, EndedAt = s.EndedAt, DurationMs = (long)s.Duration.TotalMilliseconds, Bytes = s.Bytes, File = file,
        Poster = s.PosterName, Video = s.VideoCodec, Audio = s.AudioCodec, Width = s.Width, Height = s.Height,
    };

    public RecordingSnapshot? ToSnapshot(string id)
    {
        if (!StreamName.TryParse(Stream, out var name)) return null;
        var bare = new RecordingSnapshot
        {
            Id = id, StreamName = name, CallId = CallId.TryParse(Call, out var call) ? call : null, Login = Login, State = State, Reason = Reason,
            StartedAt = StartedAt, EndedAt = EndedAt, Duration = TimeSpan.FromMilliseconds(DurationMs), Bytes = Bytes, FileName = File ?? "",
            PosterName = Poster, VideoCodec = Video, AudioCodec = Audio, Width = Width, Height = Height,
        };
        return File is null ? bare with { FileName = RecordingName.Make(Template, bare) + ".mp4" } : bare;
    }

    /// <summary>Writes it so that a crash leaves the old or the new one, never half of it.</summary>
    public void Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        System.IO.File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.RecordingManifest));
        System.IO.File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The manifest in a folder; null where there is none that can be read.</summary>
    public static RecordingManifest? Load(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(Path.Combine(folder, FileName)), ManifestJson.Default.RecordingManifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>JSON of the manifest.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecordingManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
