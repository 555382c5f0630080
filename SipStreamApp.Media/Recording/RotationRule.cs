namespace SipStreamApp.Media.Recording;

/// <summary>When a new file is due.</summary>
internal readonly record struct RotationRule(long Bytes, TimeSpan Time)
{
    public static RotationRule From(RecordingOptions options, RecordingRequest request) =>
        new(request.RotationBytes ?? (long)options.RotationMegabytes << 20, TimeSpan.FromMinutes(options.RotationMinutes));

    public bool IsDue(long bytes, TimeSpan duration) => (Bytes > 0 && bytes >= Bytes) || (Time > TimeSpan.Zero && duration >= Time);
}
