using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>One ffmpeg that sends: fed through its standard input, tells its progress and its troubles. Its death is an end of a task, never an exception.</summary>
internal sealed class FfmpegChild : IAsyncDisposable
{
    private const int WordsKept = 40;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _words = new();
    private readonly Func<string, string> _hide;
    private long _size;
    private int _reports;

    private FfmpegChild(Process process, Func<string, string> hide) => (_process, _hide) = (process, hide);

    /// <summary>Its standard input. Pipes are asynchronous here: a full one costs no thread.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public int ProcessId => _process.Id;

    /// <summary>Ends when the process and everything it printed are at their end.</summary>
    public Task Exited { get; private set; } = Task.CompletedTask;

    public int? ExitCode => Exited.IsCompleted ? _process.ExitCode : null;

    /// <summary>Bytes it gave to the network.</summary>
    public long Size => Interlocked.Read(ref _size);

    /// <summary>How many of its reports said that more bytes had gone out.</summary>
    public int Reports => Volatile.Read(ref _reports);

    /// <summary>The last lines of its warnings and errors, masked.</summary>
    public IReadOnlyList<string> LastWords => [.. _words];

    public static FfmpegChild? Start(string program, IEnumerable<string> arguments, Func<string, string> hide, out Failure? failure)
    {
        var info = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true,
        };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        info.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        var process = new Process { StartInfo = info };
        failure = null;
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            process.Dispose();
            failure = PushCauses.Missing(program);
            return null;
        }

        var child = new FfmpegChild(process, hide);
        child.Exited = child.ReadToEndAsync();
        return child;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was quicker.
        }
    }

    /// <summary>Says that nothing more comes and lets it finish; kills it after <paramref name="patience"/>.</summary>
    public async Task FinishAsync(TimeSpan patience)
    {
        await CloseInputAsync();
        await Exited.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Exited.IsCompleted) Kill();
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseInputAsync();
        if (!Exited.IsCompleted) Kill();
        await Exited;
        _process.Dispose();
    }

    private async Task CloseInputAsync()
    {
        try
        {
            await Input.DisposeAsync();
        }
        catch (IOException)
        {
            // The other end is gone already.
        }
    }

    private async Task ReadToEndAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, OnProgress), ReadAsync(_process.StandardError, OnWord), _process.WaitForExitAsync());
    }

    private static async Task ReadAsync(StreamReader from, Action<string> take)
    {
        while (await from.ReadLineAsync() is { } line) take(line);
    }

    private void OnProgress(string line)
    {
        const string Key = "total_size=";
        if (!line.StartsWith(Key, StringComparison.Ordinal) || !long.TryParse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture, out var size)) return;
        if (size > Size) Interlocked.Increment(ref _reports);
        Interlocked.Exchange(ref _size, size);
    }

    private void OnWord(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        _words.Enqueue(_hide(line));
        while (_words.Count > WordsKept) _words.TryDequeue(out _);
    }
}
