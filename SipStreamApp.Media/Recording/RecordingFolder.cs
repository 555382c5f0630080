using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>
/// Where things lie: finished files in the folder of recordings by their names; under ".parts/ID" the parts of a recording that is not
/// finished, and its manifest until somebody has taken note of the outcome.
/// </summary>
internal sealed class RecordingFolder(string directory)
{
    private const string Parts = ".parts";

    public string Root { get; } = Path.GetFullPath(directory);

    /// <summary>Free bytes on its disk; null where that cannot be told. Replaced in tests.</summary>
    public Func<string, long?> FreeBytes { get; init; } = Free;

    public string WorkOf(string id) => Path.Combine(Root, Parts, id);

    public string PartOf(string id, int number) => Path.Combine(WorkOf(id), number.ToString("0000", CultureInfo.InvariantCulture) + ".mp4");

    public IReadOnlyList<string> PartsOf(string id) =>
        Directory.Exists(WorkOf(id)) ? [.. Directory.EnumerateFiles(WorkOf(id), "????.mp4").Order(StringComparer.Ordinal)] : [];

    /// <summary>Ids of recordings that are not finished, or whose outcome nobody has taken note of.</summary>
    public IReadOnlyList<string> Open() =>
        Directory.Exists(Path.Combine(Root, Parts)) ? [.. Directory.EnumerateDirectories(Path.Combine(Root, Parts)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)] : [];

    /// <summary>The full path of a name inside the folder; null where it would lie outside.</summary>
    public string? Resolve(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Root, name.Replace('/', Path.DirectorySeparatorChar)));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>Takes a name that is free, by making an empty file of it.</summary>
    public string Reserve(string name, string ending)
    {
        for (var i = 1; ; i++)
        {
            var candidate = i == 1 ? name + ending : string.Create(CultureInfo.InvariantCulture, $"{name}-{i}{ending}");
            var path = Resolve(candidate) ?? throw new IOException($"\"{candidate}\" lies outside of the folder of recordings.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                new FileStream(path, FileMode.CreateNew).Dispose();
                return candidate;
            }
            catch (IOException) when (File.Exists(path))
            {
                continue; // Taken: the next number.
            }
        }
    }

    /// <summary>Makes the folder of a new recording. Returns what stood in the way, or null.</summary>
    public Failure? Prepare(string id, long minFree)
    {
        try
        {
            Directory.CreateDirectory(WorkOf(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("recording-directory", Blame.Server, "The folder of recordings cannot be written", $"Check Recording:Directory ({Root}): {e.Message}");
        }

        return IsFull(minFree) ? DiskFull(minFree) : null;
    }

    public bool IsFull(long minFree) => FreeBytes(Root) is { } free && free < minFree;

    public static Failure DiskFull(long minFree) => new(
        "disk-full", Blame.Server, $"Less than {minFree >> 20} MB are free on the disk", "Delete recordings, or lower Recording:MinFreeMegabytes.") { Retryable = true };

    public void DeleteWork(string id)
    {
        if (Directory.Exists(WorkOf(id))) Directory.Delete(WorkOf(id), recursive: true);
    }

    private static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
