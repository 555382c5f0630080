using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace SipStreamApp.Tests.Kit.Recordings;

/// <summary>What ffprobe reads of a file; empty names where there is no such track.</summary>
internal sealed record ProbedFile(string VideoCodec, string AudioCodec, int Width, int Height, double Duration);

/// <summary>ffmpeg and ffprobe as independent judges of files on disk.</summary>
internal static class MediaFile
{
    public static async Task<ProbedFile> ProbeAsync(string path)
    {
        var (output, errors) = await RunAsync("ffprobe", "-v", "warning", "-of", "json", "-show_entries", "stream=codec_type,codec_name,width,height:format=duration", path);
        Assert.Equal("", errors);
        using var json = JsonDocument.Parse(output);
        var streams = json.RootElement.GetProperty("streams").EnumerateArray().ToList();
        var video = streams.Find(s => s.GetProperty("codec_type").GetString() == "video");
        var audio = streams.Find(s => s.GetProperty("codec_type").GetString() == "audio");
        var hasVideo = video.ValueKind == JsonValueKind.Object;
        return new ProbedFile(
            hasVideo ? video.GetProperty("codec_name").GetString()! : "", audio.ValueKind == JsonValueKind.Object ? audio.GetProperty("codec_name").GetString()! : "",
            hasVideo ? video.GetProperty("width").GetInt32() : 0, hasVideo ? video.GetProperty("height").GetInt32() : 0,
            json.RootElement.GetProperty("format").TryGetProperty("duration", out var d) ? double.Parse(d.GetString()!, CultureInfo.InvariantCulture) : 0);
    }

    /// <summary>ffmpeg's arguments to decode everything and keep nothing.</summary>
    /// <remarks>
    /// In the time base of the file: without that ffmpeg rounds to one over the frame rate it guesses from the first frames, and calls the next ones
    /// "non monotonic" when they come closer together, as they do while picture and sound are brought together (41.6 ms apart, then 38.4).
    /// </remarks>
    public const string ToNowhere = "-enc_time_base -1 -f null -";

    /// <summary>What ffmpeg complains of when it decodes everything; empty where nothing.</summary>
    public static async Task<string> ComplaintsAsync(string path) => (await RunAsync("ffmpeg", ["-v", "warning", "-i", path, .. ToNowhere.Split(' ')])).Errors;

    /// <summary>The sound as mono samples.</summary>
    public static async Task<short[]> SoundAsync(string path, int rate)
    {
        var (bytes, errors) = await RunAsync("ffmpeg", "-v", "error", "-i", path, "-vn", "-ac", "1", "-ar", $"{rate}", "-f", "s16le", "pipe:1");
        Assert.Equal("", errors);
        return MemoryMarshal.Cast<byte, short>(bytes).ToArray();
    }

    /// <summary>True where the head stands before the data, so that a browser can start before it has all.</summary>
    public static bool IsFastStart(string path)
    {
        var head = new byte[64];
        using var file = File.OpenRead(path);
        file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var text = System.Text.Encoding.ASCII.GetString(head);
        return text.Contains("ftyp", StringComparison.Ordinal) && text.Contains("moov", StringComparison.Ordinal);
    }

    public static async Task<(byte[] Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return (output.ToArray(), await errors + (process.ExitCode == 0 ? "" : $" exit {process.ExitCode}"));
    }
}
