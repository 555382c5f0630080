using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Faults of docs/ops/faults.md that no other class brings about.</summary>
[Collection("alone")]
public class FaultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Garbage_TenThousandASecondOnEachPort_LeavesTheCallAlone()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("calm");
        await HeardAsync(app.Engine, 20);
        var snapshot = app.Engine.Snapshot();
        List<int> ports = [snapshot.SipPort, snapshot.WebRtcPort];
        foreach (var medium in app.Engine.FindCall(new CallId("calm"))!.Media) ports.AddRange([medium.LocalPort, medium.LocalPort + 1]);
        var before = app.Engine.Frames.Outstanding;
        var watch = Stopwatch.StartNew();
        var sent = await Task.WhenAll(ports.Distinct().Select(port => Task.Run(() => Flood(port, 10_000))));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent.Sum()} datagrams at {sent.Length} ports in {watch.Elapsed.TotalSeconds:0.0} s"));

        await HeardAsync(app.Engine, 50);
        var call = app.Engine.FindCall(new CallId("calm"))!;
        Assert.Equal(CallStatus.Established, call.Status);
        Assert.All(call.Media, m => Assert.InRange(m.JitterMs, 0, 5000));
        Assert.DoesNotContain(app.Engine.Calls, c => c.Id.Value != "calm" && !c.IsEnded);
        await app.CallDemoAsync("after");
        await app.UntilStatusAsync("after", "ESTABLISHED", Limit);
        Assert.InRange(app.Engine.Frames.Outstanding, 0, before + 2000);
    }

    [Fact]
    public async Task HalfOpenSockets_AndSlowRequests_AreEnded_AndOthersAreServedMeanwhile()
    {
        await using var app = await RunningApp.StartAsync();
        var port = new Uri(app.Url).Port;
        var upgrade = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        var body = Encoding.ASCII.GetBytes($"POST /rest-api/call/startup HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{{");
        List<Socket> silent = [], slow = [];
        try
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 1000; i++) silent.Add(await OpenAsync(port, upgrade));
            for (var i = 0; i < 100; i++) slow.Add(await OpenAsync(port, body));
            for (var i = 0; i < 100; i++) slow.Add(await OpenAsync(port, "GET / HTTP/1.1\r\nX-a: b"u8.ToArray()));
            await app.CallDemoAsync("meanwhile");
            await app.UntilStatusAsync("meanwhile", "ESTABLISHED", Limit);
            var longest = TimeSpan.Zero;

            // A client that says nothing is closed after 10 s, and so is a head that does not come; a body after 5 s.
            var over = await Wait.UntilAsync(
                async () =>
                {
                    var asked = Stopwatch.StartNew();
                    using var answer = await app.Http.GetAsync("/health/live");
                    longest = asked.Elapsed > longest ? asked.Elapsed : longest;
                    return silent.TrueForAll(IsClosed) && slow.TrueForAll(IsClosed);
                },
                TimeSpan.FromSeconds(25));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"1000 silent and 200 slow ones over after {watch.Elapsed.TotalSeconds:0} s; longest answer meanwhile {longest.TotalMilliseconds:0} ms"));
            Assert.True(over, $"{silent.Count(s => !IsClosed(s))} silent and {slow.Count(s => !IsClosed(s))} slow ones are still there");
            Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(3));
            Assert.Equal(CallStatus.Established, app.Engine.FindCall(new CallId("meanwhile"))!.Status);
        }
        finally
        {
            foreach (var socket in silent.Concat(slow)) socket.Dispose();
        }
    }

    [Fact]
    public async Task Ffmpeg_Killed_IsStartedAgain_AndTheCallGoesOn()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("killed");
        var push = await app.StartPushAsync("killed", nginx.Url);
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        var address = $"{nginx.Url}/rtmp_killed";
        var sender = Directory.GetDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0).Where(id => id > 0 && Line(id).Contains(address, StringComparison.Ordinal)).ToList();
        using (var ffmpeg = Process.GetProcessById(Assert.Single(sender))) ffmpeg.Kill();

        await app.UntilPushAsync(push, PushState.Retrying, Limit);
        var again = await app.UntilPushAsync(push, PushState.Publishing, Limit);
        Assert.Equal(1, again.Reconnects);
        await app.UntilStatusAsync("killed", "ESTABLISHED", TimeSpan.FromSeconds(1));

        static string Line(int id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return ""; // Gone meanwhile.
            }
        }
    }

    private static async Task HeardAsync(MediaEngine engine, long more)
    {
        var from = Heard();
        await Wait.ForAsync(() => Heard() >= from + more, Limit, () => $"{Heard() - from} packets more");

        long Heard() => engine.Calls.Where(c => !c.IsEnded).SelectMany(c => c.Media).Sum(m => m.PacketsReceived);
    }

    // Random bytes, half of them with the first byte of RTP, RTCP, STUN or DTLS; in a second, if the machine can.
    private static int Flood(int port, int count)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var (random, junk, watch) = (new Random(port), new byte[400], Stopwatch.StartNew());
        for (var i = 0; i < count; i++)
        {
            var length = random.Next(1, junk.Length);
            random.NextBytes(junk.AsSpan(0, length));
            if (i % 2 == 0) junk[0] = (byte)(random.Next(5) switch { 0 => 0x80, 1 => 0x81, 2 => 0, 3 => 22, _ => (byte)'I' });
            socket.SendTo(junk.AsSpan(0, length), target);
            if (i % 100 == 0 && watch.ElapsedMilliseconds < i / 10) Thread.Sleep(1);
        }

        return count;
    }

    private static async Task<Socket> OpenAsync(int port, byte[] first)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(first);
        return socket;
    }

    // Reads what came; the other side's end is a read of nothing.
    private static bool IsClosed(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead)) if (socket.Receive(buffer) == 0) return true;
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
