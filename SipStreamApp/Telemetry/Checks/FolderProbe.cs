namespace SipStreamApp.Telemetry.Checks;

/// <summary>Whether a folder takes files.</summary>
internal static class FolderProbe
{
    /// <summary>Writes a small file and deletes it; null where that went well, else why not.</summary>
    public static string? WhyNotWritten(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $".health-{Guid.NewGuid():N}");
            File.WriteAllText(path, "health");
            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
