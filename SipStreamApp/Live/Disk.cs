namespace SipStreamApp.Live;

/// <summary>Room on the disk.</summary>
internal static class Disk
{
    /// <summary>Bytes free where <paramref name="folder"/> lies; null where the system does not say.</summary>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
