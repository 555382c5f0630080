using System.Diagnostics;

namespace SipStreamApp.Media.Processes;

/// <summary>One kind of work ffmpeg was made to do.</summary>
/// <param name="Encoder">The encoder's name ("aac").</param>
/// <param name="Use">What needs it.</param>
/// <param name="Took">From its start to its last byte.</param>
/// <param name="Problem">Its last words; null where it made something.</param>
public sealed record FfmpegWork(string Encoder, string Use, TimeSpan Took, string? Problem);

/// <summary>Whether the system's ffmpeg can do what the outputs need of it.</summary>
/// <param name="Program">Its path; null where there is none.</param>
/// <param name="Works">What was tried.</param>
public sealed record FfmpegProbe(string? Program, IReadOnlyList<FfmpegWork> Works)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly (string Encoder, string Use, int Bytes, string[] Arguments)[] Kinds =
    [
        ("aac", "HLS, MSE, recordings and pushes of telephone sound", 4800, ["-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "pipe:0", "-c:a", "aac", "-ar", "48000", "-b:a", "64k", "-f", "adts", "pipe:1"]),
        ("libopus", "browsers that are called by telephone codecs", 4800, ["-f", "s16le", "-ar", "8000", "-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-ar", "48000", "-f", "ogg", "pipe:1"]),
        ("mjpeg", "thumbnails and posters", 64 * 64 * 3 / 2, ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "64x64", "-i", "pipe:0", "-frames:v", "1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1"]),
    ];

    /// <summary>Runs each kind of work once, one after the other.</summary>
    internal static async Task<FfmpegProbe> RunAsync(string? program, CancellationToken cancel)
    {
        var works = new List<FfmpegWork>();
        if (program is null) return new FfmpegProbe(null, works);
        foreach (var (encoder, use, bytes, arguments) in Kinds)
        {
            var start = Stopwatch.GetTimestamp();
            var problem = await TryAsync(program, arguments, new byte[bytes], cancel);
            works.Add(new FfmpegWork(encoder, use, Stopwatch.GetElapsedTime(start), problem));
        }

        return new FfmpegProbe(program, works);
    }

    private static async Task<string?> TryAsync(string program, string[] arguments, byte[] input, CancellationToken cancel)
    {
        await using var child = Ffmpeg.Start(program, arguments);
        if (child is null) return "could not be run";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        var made = new MemoryStream();
        try
        {
            var reading = child.Output.CopyToAsync(made, limit.Token);
            await child.Input.WriteAsync(input, limit.Token);
            child.Input.Close();
            await reading;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            child.Kill();
        }

        await child.FinishAsync(TimeSpan.FromSeconds(1));
        if (made.Length > 0 && child.ExitCode == 0) return null;
        return child.LastWords is [.., var word] ? word : limit.IsCancellationRequested ? $"made nothing within {Limit.TotalSeconds:0} s" : "made nothing";
    }
}
