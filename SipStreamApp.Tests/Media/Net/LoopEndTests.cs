using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class LoopEndTests
{
    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Dispose_WhileBusy_LeavesNoThreadAndNoSocket(NetBackend backend)
    {
        var name = "busy-" + Guid.NewGuid().ToString("N")[..8];
        var loop = NetKit.Loop(backend, name);
        var ports = Enumerable.Range(0, 10).Select(_ => loop.Bind(new Echo())).ToArray();
        var ends = ports.Select(p => p.LocalEndPoint).ToArray();
        // Echo against echo: never idle.
        await loop.RunAsync(() =>
        {
            foreach (var p in ports) p.Send([1, 2, 3], ports[0].Address());
        });
        using var stop = new CancellationTokenSource();
        var signal = loop.CreateSignal(() => { });
        var noise = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                loop.Post(static () => { });
                signal.Set();
                if (loop.TryBind(NetKit.AnyLoopbackPort, new Echo(), UdpPortOptions.Default, out var p, out _)) p.Dispose();
            }
        }, CancellationToken.None);
        await Task.Delay(100);
        loop.Dispose();
        Assert.True(loop.Completion.IsCompleted);
        await stop.CancelAsync();
        await noise;
        Assert.All(ports, p => Assert.True(p.IsClosed));
        await using var other = NetKit.Loop();
        foreach (var end in ends) other.Bind(new Echo(), local: end);
        if (OperatingSystem.IsLinux()) Assert.DoesNotContain(name[..12], ThreadNames());
    }

    [Fact]
    public async Task Dispose_RunsWorkPostedBefore_AndFailsWorkPostedAfter()
    {
        var loop = NetKit.Loop();
        var ran = 0;
        for (var i = 0; i < 1000; i++) loop.Post(() => ran++);
        await loop.DisposeAsync();
        Assert.Equal(1000, ran);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.InvokeAsync(() => 1));
        loop.Post(() => ran++);
        Assert.Equal(1000, ran);
    }

    [Fact]
    public async Task Bind_AfterTheEnd_LeavesNoSocket()
    {
        var loop = NetKit.Loop();
        await loop.DisposeAsync();
        Assert.True(loop.TryBind(NetKit.AnyLoopbackPort, new Echo(), UdpPortOptions.Default, out var port, out _));
        Assert.True(port.IsClosed);
    }

    [Fact]
    public async Task Dispose_NeverStarted_ClosesItsPorts()
    {
        var loop = new NetLoop("never", new EngineClock(TimeProvider.System), NetLoopOptions.Default,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var port = loop.Bind(new Echo());
        loop.Dispose();
        Assert.True(port.IsClosed);
        await using var other = NetKit.Loop();
        other.Bind(new Echo(), local: new IPEndPoint(IPAddress.Loopback, port.LocalEndPoint.Port));
        Assert.Throws<InvalidOperationException>(loop.Start);
    }

    [Fact]
    public async Task Dispose_FromItsOwnHandler_Ends()
    {
        var loop = NetKit.Loop();
        loop.Post(loop.Dispose);
        await loop.Completion.WaitAsync(TimeSpan.FromSeconds(5));
        await loop.DisposeAsync();
    }

    private static IEnumerable<string> ThreadNames() =>
        Directory.GetDirectories("/proc/self/task").Select(d => Path.Combine(d, "comm")).Where(File.Exists).Select(ReadName).ToArray();

    private static string ReadName(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            return "a thread that ended while we looked";
        }
    }
}
