using System.ComponentModel;
using System.Diagnostics;
using CliWrap;

namespace SipStreamApp.Media.Processes;

/// <summary>
/// Runs a program to its end: arguments one by one and never through a shell, what it complains of kept within bounds, killed with
/// its children when it falls silent or is not wanted any more.
/// </summary>
internal sealed class ChildProcess(string program)
{
    private const int KeptLines = 20;
    private const int KeptLineLength = 300;

    /// <summary>Longest time without a line of output before it is killed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>True for work that must not take the processor from calls.</summary>
    public bool InBackground { get; init; }

    /// <summary>Called with each line of its standard output, on a pool thread.</summary>
    public Action<string>? Line { get; init; }

    /// <summary>Runs it. Throws only <see cref="OperationCanceledException"/>, when <paramref name="cancel"/> asks for it; the process is dead then.</summary>
    public async Task<ChildOutcome> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        kill.CancelAfter(Patience);
        var errors = new Queue<string>();
        var command = Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                if (!cancel.IsCancellationRequested) kill.CancelAfter(Patience);
                Line?.Invoke(line);
            }))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                lock (errors)
                {
                    if (errors.Count == KeptLines) errors.Dequeue();
                    errors.Enqueue(line.Length > KeptLineLength ? line[..KeptLineLength] : line);
                }
            }));
        if (InBackground && !OperatingSystem.IsMacOS()) command = command.WithResourcePolicy(policy => policy.SetPriority(ProcessPriorityClass.BelowNormal));
        try
        {
            var result = await command.ExecuteAsync(kill.Token).ConfigureAwait(false);
            return result.ExitCode == 0 ? new ChildOutcome(0, null) : new ChildOutcome(result.ExitCode, LastWords(errors) ?? $"exit code {result.ExitCode}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ChildOutcome(-1, $"killed after {Patience.TotalSeconds:0} s of silence{(LastWords(errors) is { } words ? ": " + words : "")}");
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return new ChildOutcome(-1, $"could not be run: {e.Message}");
        }
    }

    private static string? LastWords(Queue<string> errors)
    {
        lock (errors) return errors.LastOrDefault(l => !string.IsNullOrWhiteSpace(l))?.Trim();
    }
}
