using System.Collections.Concurrent;
using System.Diagnostics;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A real program the tests talk to: started in a folder of its own, its output kept, killed with all its children at the end.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private PeerProcess(Process process) => _process = process;

    /// <summary>Everything it printed so far.</summary>
    public string Output => string.Join('\n', _lines);

    public bool HasExited => _process.HasExited;

    public int ProcessId => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public static PeerProcess Start(string program, string folder, params string[] arguments)
    {
        var info = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        var process = new Process { StartInfo = info };
        var peer = new PeerProcess(process);
        process.OutputDataReceived += (_, e) => peer.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => peer.Keep(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>Runs a program to its end and returns its output; fails the test when it exits with another code than 0.</summary>
    public static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        await using var peer = Start(program, folder, arguments);
        await peer._process.WaitForExitAsync();
        Xunit.Assert.True(peer._process.ExitCode == 0, $"{program} exited with {peer._process.ExitCode}:\n{peer.Output}");
        return peer.Output;
    }

    /// <summary>Waits until it has printed <paramref name="text"/>.</summary>
    public async Task WaitForOutputAsync(string text, TimeSpan limit)
    {
        var found = await Wait.UntilAsync(() => Output.Contains(text, StringComparison.Ordinal) || HasExited, limit);
        Xunit.Assert.True(found && Output.Contains(text, StringComparison.Ordinal), $"\"{text}\" was not printed within {limit}:\n{Output}");
    }

    public Task WaitForExitAsync(TimeSpan limit) => _process.WaitForExitAsync().WaitAsync(limit);

    public int ExitCode => _process.ExitCode;

    /// <summary>Ends it at once, as a power cut would.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
