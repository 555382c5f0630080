using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Fanout;

public class StreamFanoutTests
{
    [Fact]
    public async Task Frames_ToFiftyViewers_AllocateNothing()
    {
        var clock = new EngineClock(TimeProvider.System);
        var hub = new StreamHub(clock, new StreamHubOptions());
        var feeder = new StreamFeeder(hub, clock);
        await using var loop = new NetLoop("fan-out", clock, NetLoopOptions.Default, NullLogger.Instance);
        loop.Start();
        using var sink = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sink.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.True(loop.TryBind(new IPEndPoint(IPAddress.Loopback, 0), new Nobody(), UdpPortOptions.Mux, out var port, out _));
        var viewers = Enumerable.Range(0, 50).Select(i => new Viewer((IPEndPoint)sink.LocalEndPoint!, (uint)i + 1)).ToArray();
        // Room for all of the test from the start: growing is for the first seconds of a stream.
        var options = FanoutOptions.Default with
        {
            ReportInterval = TimeSpan.FromMilliseconds(20), Video = PacketStoreOptions.Video with { FirstPackets = 2048, FirstBytes = 4 << 20 },
            Audio = PacketStoreOptions.Audio with { FirstPackets = 512, FirstBytes = 256 * 1024 },
        };
        var fanout = await loop.InvokeAsync(() =>
        {
            var made = new StreamFanout(feeder.Stream, port, clock, options, _ => { });
            foreach (var viewer in viewers) made.Join(viewer, loop.Now);
            return made;
        });

        await FeedAsync(60);
        var before = await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
        await FeedAsync(100);
        // 25,000 packets. The first question's own answer is handed over on the loop's thread and takes a few bytes.
        Assert.InRange(await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread) - before, 0, 256);
        Assert.True(viewers.All(v => v.Reports > 2));
        await loop.InvokeAsync(() =>
        {
            fanout.Dispose();
            return true;
        });

        async Task FeedAsync(int frames)
        {
            var wanted = viewers.Sum(v => v.Sent) + viewers.Length * frames * 5L;
            await feeder.RunAsync(frames, keyEvery: 50, pauseMs: 1);
            await WebRtcKit.Until(() => viewers.Sum(v => v.Sent) == wanted, "all is sent");
        }
    }

    [Fact]
    public async Task Join_LongPast_ComesInStepsAndInOrder()
    {
        await using var kit = new WebRtcKit(o => o with { Fanout = FanoutOptions.Default with { ReplayBurst = 16, ReplayStep = TimeSpan.FromMilliseconds(5) } });
        var feeder = kit.Feed();
        for (var i = 0; i < 100; i++) feeder.Video(i == 0);
        var (browser, _) = await kit.WatchAsync(feeder);
        feeder.Video();
        await WebRtcKit.Until(() => browser.Of(103).Count == 303, "past and live");
        var packets = browser.Packets;
        Assert.Equal(packets.OrderBy(p => p.Index).Select(p => p.Index), packets.Select(p => p.Index));
        Assert.InRange(packets[^1].AtMs - packets[0].AtMs, 50, 3000);
    }

    [Fact]
    public async Task Join_OldKeyframe_AsksForAFreshOneToo()
    {
        await using var kit = new WebRtcKit(o => o with { Fanout = FanoutOptions.Default with { FreshKeyframe = TimeSpan.FromMilliseconds(20) } });
        var feeder = kit.Feed();
        feeder.Video(key: true);
        await Task.Delay(50);
        var (browser, _) = await kit.WatchAsync(feeder);
        await WebRtcKit.Until(() => browser.Of(103).Count == 3 && feeder.KeyframesWanted == 1, "starts and asks");
    }

    private sealed class Nobody : IDatagramHandler
    {
        public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
        {
        }
    }

    private sealed class Viewer(IPEndPoint to, uint ssrc) : IFanoutViewer
    {
        public int Reports;

        public long Sent => Audio!.PacketsSent + Video!.PacketsSent;

        public PeerAddress Remote { get; } = PeerAddress.From(to);

        public SrtpSender Srtp { get; } = new(SrtpProfile.AeadAes128Gcm, new byte[16], new byte[12]);

        public ViewerTrack? Audio { get; } = new(MediaKind.Audio, Codec.Opus, new Ssrc(ssrc), 111, 1, 2);

        public ViewerTrack? Video { get; } = new(MediaKind.Video, Codec.H264, new Ssrc(ssrc + 1000), 103, 1, 2);

        public void SendReport(ViewerTrack track, NtpTime ntp, uint rtpTimestamp, Instant now) => Reports++;
    }
}
