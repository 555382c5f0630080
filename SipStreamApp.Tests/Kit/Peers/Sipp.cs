namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>sipp as a callee without a server between: answers many calls at once, plays sound, or misbehaves by scenario.</summary>
internal sealed class Sipp : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly PeerProcess _process;

    private Sipp(TestFolder folder, PeerProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <summary>What it printed, with the messages it did not expect.</summary>
    public string Output => _process.Output + (File.Exists(_folder.File("errors.log")) ? "\n" + File.ReadAllText(_folder.File("errors.log")) : "");

    public bool HasExited => _process.HasExited;

    /// <summary>Starts sipp with a scenario of <see cref="SippScenarios"/>.</summary>
    public static async Task<Sipp> StartAsync(string scenario, bool tcp = false, params string[] more)
    {
        var folder = new TestFolder();
        var port = FreePort.Next();
        await File.WriteAllTextAsync(folder.File("scenario.xml"), scenario);
        await File.WriteAllBytesAsync(folder.File("beep.ulaw"), Beep());
        for (var attempt = 1; ; attempt++)
        {
            // Away from the ports of the app under test, the other phones and the system's own choice.
            var media = 31000 + Random.Shared.Next(0, 76) * 100;
            string[] arguments =
            [
                "-sf", "scenario.xml", "-i", "127.0.0.1", "-p", $"{port}", "-t", tcp ? "tn" : "u1", "-nostdin", "-mi", "127.0.0.1", "-mp", $"{media}",
                "-max_socket", "1000", "-trace_err", "-error_file", "errors.log", .. more,
            ];
            var process = PeerProcess.Start("sipp", folder.Path, arguments);
            await Task.Delay(300);
            if (!process.HasExited) return new Sipp(folder, process, port);
            // Another sipp of a test beside this one may have the same sound port.
            Xunit.Assert.True(attempt < 3 && process.Output.Contains("Address already in use", StringComparison.Ordinal), "sipp did not start:\n" + process.Output);
            await process.DisposeAsync();
        }
    }

    public void Kill() => _process.Kill();

    /// <summary>Waits for its end; 0 where every call went by the scenario.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        var ended = await Wait.UntilAsync(() => _process.HasExited, limit);
        Xunit.Assert.True(ended, "sipp still waits for something:\n" + Output);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // One second of a 1 kHz tone in mu-law: eight samples make one period at 8 kHz.
    private static byte[] Beep()
    {
        byte[] period = [0xFF, 0x9A, 0x90, 0x9A, 0xFF, 0x1A, 0x10, 0x1A];
        return [.. Enumerable.Repeat(period, 1000).SelectMany(p => p)];
    }
}
