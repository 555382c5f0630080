namespace SipStreamApp.Live;

/// <summary>Room on the disk.</summary>
internal static class Disk
{
    /// <summary>Bytes free where <paramref name="folder"/> lies; null where the system does not say.</summary>
    public static long? FreeBytes(string folder) => Ask(folder, d => d.AvailableFreeSpace);

    /// <summary>Size of the disk <paramref name="folder"/> lies on, bytes; null where the system does not say.</summary>
    public static long? TotalBytes(string folder) => Ask(folder, d => d.TotalSize);

    private static long? Ask(string folder, Func<DriveInfo, long> question)
    {
        try
        {
            // A folder that is made with its first file lies where its parent does.
            var path = Path.GetFullPath(folder);
            while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } above) path = above;
            return question(new DriveInfo(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
