using SipStreamApp.Benchmarks.Load;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Repository;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The leak program against a product in a process of its own: what the suite itself holds is not measured with it. tools/leak.sh is its long form.</summary>
[Collection("alone")]
public class LeakTests(ITestOutputHelper output)
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly Reading Empty = new()
    {
        Descriptors = 400, UdpSockets = 2, TcpSockets = 3, RtpPorts = 0, Threads = 30, Children = 0, Resident = 300_000_000, Heap = 25_000_000,
        Timers = 10, Queued = 0, Calls = 0, Streams = 0, Viewers = 0, Recordings = 0,
    };

    /// <summary>What must be noticed after 150 calls: one of each thing; a file, a timer or a thread of some calls; 3 MB, which is 20 kB for each of them.</summary>
    public static TheoryData<string> Leaks => [.. Leaky.Keys];

    private static readonly Dictionary<string, Func<Reading, Reading>> Leaky = new()
    {
        ["a call"] = r => r with { Calls = 1 },
        ["a stream"] = r => r with { Streams = 1 },
        ["a viewer"] = r => r with { Viewers = 1 },
        ["a recording"] = r => r with { Recordings = 1 },
        ["an RTP port"] = r => r with { RtpPorts = 1, UdpSockets = r.UdpSockets + 1 },
        ["a connection"] = r => r with { TcpSockets = r.TcpSockets + 1 },
        ["a child"] = r => r with { Children = 1 },
        ["files"] = r => r with { Descriptors = r.Descriptors + 9 },
        ["threads"] = r => r with { Threads = r.Threads + 20 },
        ["timers"] = r => r with { Timers = r.Timers + 5 },
        ["work"] = r => r with { Queued = 1 },
        ["objects"] = r => r with { Heap = r.Heap + 3_000_000 },
        ["memory"] = r => r with { Resident = r.Resident + 100_000_000 },
    };

    [Fact]
    public async Task ShortCalls_AtAProductOfItsOwn_AreForgotten()
    {
        var program = Path.Combine(SourceTree.Root, "SipStreamApp.Benchmarks", "bin", Configuration, "net10.0", "SipStreamApp.Benchmarks.dll");
        using var folder = new TestFolder();

        // After 150 calls pools and tables still grow to their size (26.8 to 29.0 MB by the next 150), after 400 no more (29.2 to 30.7 MB by the next 2,000).
        await using var leak = PeerProcess.Start("dotnet", folder.Path, program, "leak", "--calls", "150", "--warm", "300", "--together", "50", "--rest", "0");
        await leak.WaitForExitAsync(TimeSpan.FromSeconds(120));
        output.WriteLine(leak.Output);
        Assert.True(leak.ExitCode == 0, leak.Output);
    }

    [Theory]
    [MemberData(nameof(Leaks))]
    public void Table_OneThingLeftBehind_IsTooMuch(string what)
    {
        Assert.True(LeakTable.Judge(Empty, Empty, static _ => { }));
        Assert.False(LeakTable.Judge(Empty, Leaky[what](Empty), static _ => { }), what);
    }

    [Theory]
    [InlineData(0.0, 0.5, true)]
    [InlineData(0.015, 0.5, true)]
    [InlineData(0.025, 0.5, false)]
    [InlineData(0.0, 4.0, true)]
    public void Growth_OfAHalfHour_IsTheSlopeNotTheNoise(double growth, double noise, bool belowTwoPercent)
    {
        // Thirty samples around 60 MB that swing up and down by so many MB.
        double[] samples = [.. Enumerable.Range(0, 30).Select(i => 60 * (1 + growth * i / 29) + (i % 2 == 0 ? noise : -noise))];
        Assert.Equal(belowTwoPercent, Trend.Growth(samples) < 0.02);
    }
}
