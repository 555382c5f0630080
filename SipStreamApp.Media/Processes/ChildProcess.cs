using System.ComponentModel;
using System.Diagnostics;

namespace SipStreamApp.Media.Processes;

/// <summary>
/// A program that runs beside the server. What it complains of is kept within bounds; its death is the end of a task, never an
/// exception; it is killed with its own children.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private const int KeptLineLength = 500;

    // A grandchild that was left behind may hold the pipes open for ever.
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ChildCommand _command;
    private readonly Queue<string> _words = new();

    private ChildProcess(Process process, ChildCommand command) => (_process, _command) = (process, command);

    /// <summary>Its standard input, unbuffered. Pipes are asynchronous here: a full one costs no thread.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output, where the command takes no lines of it.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    public int ProcessId => _process.Id;

    /// <summary>Ends when the process and everything it printed are at their end.</summary>
    public Task Exited { get; private set; } = Task.CompletedTask;

    /// <summary>Its exit code; null while it runs.</summary>
    public int? ExitCode => Exited.IsCompleted ? _process.ExitCode : null;

    /// <summary>The last lines of its standard error, masked.</summary>
    public IReadOnlyList<string> LastWords
    {
        get
        {
            lock (_words) return [.. _words];
        }
    }

    /// <summary>Starts a program; null where it cannot be run, and why.</summary>
    public static ChildProcess? Start(ChildCommand command, out string? problem)
    {
        var info = new ProcessStartInfo(command.Program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true,
        };
        foreach (var argument in command.Arguments) info.ArgumentList.Add(argument);
        info.Environment["NO_COLOR"] = "1";
        var process = new Process { StartInfo = info };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            process.Dispose();
            problem = $"could not be run: {e.Message}";
            return null;
        }

        problem = null;
        var child = new ChildProcess(process, command);
        if (command.InBackground) child.StepBack();
        child.Exited = child.ReadToEndAsync();
        return child;
    }

    /// <summary>
    /// Runs a program to its end; killed after <paramref name="patience"/> without a line of output. Throws only
    /// <see cref="OperationCanceledException"/>, when <paramref name="cancel"/> asks for it; the process is dead then.
    /// </summary>
    public static async Task<ChildOutcome> RunAsync(ChildCommand command, TimeSpan patience, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(patience);
        var isOver = false;
        await using var child = Start(command with { Line = OnLine }, out var problem);
        if (child is null) return new ChildOutcome(-1, problem);
        await child.CloseInputAsync().ConfigureAwait(false);
        await child.Exited.WaitAsync(silence.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isOver = true;
        if (child.ExitCode is { } code) return code == 0 ? new ChildOutcome(0, null) : new ChildOutcome(code, child.LastWord ?? $"exit code {code}");
        child.Kill();
        cancel.ThrowIfCancellationRequested();
        return new ChildOutcome(-1, $"killed after {patience.TotalSeconds:0} s of silence{(child.LastWord is { } word ? ": " + word : "")}");

        void OnLine(string line)
        {
            if (!isOver) silence.CancelAfter(patience);
            command.Line?.Invoke(line);
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the same moment: just what was wanted.
        }
    }

    /// <summary>Says that nothing more comes and lets it finish; kills it after <paramref name="patience"/>.</summary>
    public async Task FinishAsync(TimeSpan patience)
    {
        await CloseInputAsync().ConfigureAwait(false);
        await Exited.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Exited.IsCompleted) Kill();
        await Exited.WaitAsync(PipePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseInputAsync().ConfigureAwait(false);
        if (!Exited.IsCompleted) Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await Exited.WaitAsync(PipePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private string? LastWord => LastWords is [.., var word] ? word.Trim() : null;

    private async Task CloseInputAsync()
    {
        try
        {
            await Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The other end is gone already.
        }
    }

    private void StepBack()
    {
        try
        {
            if (!OperatingSystem.IsMacOS()) _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended at once, or the system does not let us: it runs as it is.
        }
    }

    private async Task ReadToEndAsync()
    {
        var output = _command.Line is { } line ? ReadAsync(_process.StandardOutput, line) : Task.CompletedTask;
        await Task.WhenAll(output, ReadAsync(_process.StandardError, Keep), _process.WaitForExitAsync()).ConfigureAwait(false);
    }

    private static async Task ReadAsync(StreamReader from, Action<string> take)
    {
        try
        {
            while (await from.ReadLineAsync().ConfigureAwait(false) is { } line) take(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed here, because somebody else still holds the other end.
        }
    }

    private void Keep(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        var word = _command.Mask?.Invoke(line) ?? line;
        lock (_words)
        {
            if (_words.Count == KeptLines) _words.Dequeue();
            _words.Enqueue(word.Length > KeptLineLength ? word[..KeptLineLength] : word);
        }
    }
}
