using System.ComponentModel;
using System.Diagnostics;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>A child process of the system's ffmpeg that reads its standard input and writes its standard output.</summary>
internal sealed class FfmpegPipe : IAsyncDisposable
{
    private const int KeptErrors = 2000;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private FfmpegPipe(Process process)
    {
        _process = process;
        _errors = ReadErrorsAsync(process.StandardError);
    }

    /// <summary>What a feature says where there is no ffmpeg.</summary>
    public static Failure Missing { get; } = new(
        "needs-ffmpeg", Blame.Server, "This needs the program ffmpeg, which was not found", "Install ffmpeg on the server and start it again.");

    /// <summary>Where bytes go in. Not buffered here.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Where bytes come out.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts it; null where the program cannot be run.</summary>
    public static FfmpegPipe? Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true,
        };
        foreach (var argument in (string[])["-hide_banner", "-loglevel", "error", "-threads", "1"]) start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start) is { } process ? new FfmpegPipe(process) : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What it said to its standard error, once it has ended.</summary>
    public Task<string> ErrorsAsync() => _errors;

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in the same moment: just what was wanted.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    private static async Task<string> ReadErrorsAsync(StreamReader errors)
    {
        var kept = "";
        while (await errors.ReadLineAsync() is { } line) if (kept.Length < KeptErrors) kept += (kept.Length > 0 ? "; " : "") + line;
        return kept;
    }
}
