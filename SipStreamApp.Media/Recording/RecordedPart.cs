using SipStreamApp.Media.Mp4;

namespace SipStreamApp.Media.Recording;

/// <summary>A part as it is found on disk, cut back to its last whole fragment.</summary>
internal sealed record RecordedPart(string Path, ScannedTrack? Video, ScannedTrack? Audio)
{
    public TimeSpan Start => Min(Video?.Start, Audio?.Start);

    public TimeSpan End => Video?.End > Audio?.End || Audio is null ? Video?.End ?? TimeSpan.Zero : Audio.End;

    /// <summary>Reads what is whole and cuts off the rest. Null where nothing can be played.</summary>
    public static RecordedPart? Repair(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var scan = new Mp4FragmentScanner(file.Length);
        while (scan.TryGetRequest(out var offset, out var count))
        {
            var bytes = new byte[count];
            file.Position = offset;
            var read = file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
            scan.Receive(bytes.AsSpan(0, read));
        }

        if (scan.Fragments == 0) return null;
        if (scan.WholeLength < file.Length) file.SetLength(scan.WholeLength);
        return new RecordedPart(path, scan.Tracks.FirstOrDefault(t => t.IsVideo && t.Samples > 0), scan.Tracks.FirstOrDefault(t => !t.IsVideo && t.Samples > 0));
    }

    private static TimeSpan Min(TimeSpan? a, TimeSpan? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b ?? TimeSpan.Zero;
}
