using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Fanout;

namespace SipStreamApp.Benchmarks;

/// <summary>
/// dotnet run -c Release --project SipStreamApp.Benchmarks -- fanout [-n viewers] [-s payload bytes] [-t seconds] [-p packets per frame] [-q frames waiting] [--cm]
/// One stream, N viewers, SRTP, real UDP on loopback into plain sockets that nobody reads (their kernel buffers are small, the kernel drops).
/// Counts what the whole process costs: user and system CPU seconds, and bytes allocated.
/// </summary>
internal static class Fanout
{
    private const double Gate = 150_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var viewers = Number(args, "-n", 50);
        var size = Number(args, "-s", 1200);
        var seconds = Number(args, "-t", 5);
        var perFrame = Number(args, "-p", 8);
        var ahead = Number(args, "-q", 0);
        var profile = args.Contains("--cm") ? SrtpProfile.Aes128CmHmacSha1_80 : SrtpProfile.AeadAes128Gcm;
        // The size on the wire, header and tag included.
        var payload = Math.Min(size - ViewerTrack.HeaderBytes - profile.RtpOverhead, FanoutTrack.MaxPayload);

        var clock = new EngineClock(TimeProvider.System);
        var hub = new StreamHub(clock, new StreamHubOptions());
        var publisher = Reserve(hub);
        await using var loop = new NetLoop("fan-out", clock, NetLoopOptions.Default, NullLogger.Instance);
        loop.Start();
        if (!loop.TryBind(new IPEndPoint(IPAddress.Loopback, 0), new Nobody(), UdpPortOptions.Mux, out var port, out var failure))
        {
            Console.Error.WriteLine(failure);
            return 2;
        }

        var sinks = Enumerable.Range(0, viewers).Select(_ => Sink()).ToArray();
        var sessions = sinks.Select((s, i) => new Viewer(PeerAddress.From((IPEndPoint)s.LocalEndPoint!), (uint)i + 1, profile)).ToArray();
        var fanout = await loop.InvokeAsync(() =>
        {
            var made = new StreamFanout(publisher.Stream, port, clock, FanoutOptions.Default, static _ => { });
            foreach (var session in sessions) made.Join(session, loop.Now);
            return made;
        });

        var ticks = 0L;
        Run(TimeSpan.FromSeconds(2));
        var before = Mark(port, loop);
        var watch = Stopwatch.StartNew();
        Run(TimeSpan.FromSeconds(seconds));
        var wall = watch.Elapsed.TotalSeconds;
        var after = Mark(port, loop);

        var packets = after.Packets - before.Packets;
        var cpu = (after.Cpu - before.Cpu).TotalSeconds;
        var allocated = (after.Allocated - before.Allocated) / (double)packets;
        Console.WriteLine($"{viewers} viewers, {payload + ViewerTrack.HeaderBytes + profile.RtpOverhead} B on the wire, {perFrame} packets per frame, {profile}, {loop.Backend}");
        Console.WriteLine($"{packets:N0} packets in {wall:F1} s, {cpu:F2} CPU-s: {packets / cpu:N0} packets per CPU-second, {allocated:F4} B allocated per packet, {after.Dropped - before.Dropped} not taken by the kernel, {after.Segmented - before.Segmented:N0} left by segmentation offload");
        var passed = viewers != 50 || size != 1200 || (packets / cpu >= Gate && allocated < 0.5);
        Console.WriteLine(passed ? "ok" : $"BELOW THE GATE of {Gate:N0} packets per CPU-second with nothing allocated");
        await loop.InvokeAsync(() =>
        {
            fanout.Dispose();
            return true;
        });
        foreach (var sink in sinks) sink.Dispose();
        return passed ? 0 : 1;

        // By default the next frame comes when the one before has left, as in a live call: waiting frames would make longer runs to one viewer.
        void Run(TimeSpan span)
        {
            var until = Stopwatch.GetTimestamp() + (long)(span.TotalSeconds * Stopwatch.Frequency);
            var last = sessions[^1].Video!;
            while (Stopwatch.GetTimestamp() < until)
            {
                Publish(hub, publisher, payload, perFrame, ref ticks, clock);
                while (ticks / 3600 - last.PacketsSent / perFrame > ahead) Thread.Sleep(1);
            }
        }
    }

    private static void Publish(StreamHub hub, StreamPublisher publisher, int payload, int packets, ref long ticks, EngineClock clock)
    {
        // One NAL unit that the packetiser cuts into equal parts: each FU-A has two bytes of header.
        var bytes = (payload - 2) * packets + 1;
        var frame = hub.Frames.Rent(bytes + 4, out var room);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        var isKey = ticks % (3600 * 50) == 0;
        room[4] = (byte)(isKey ? 0x65 : 0x41);
        frame.Complete(publisher.Stream.VideoFormat!, bytes + 4, isKey, ticks, TimeSpan.FromSeconds(ticks / 90000.0), clock.Now);
        ticks += 3600;
        publisher.Publish(frame);
        frame.Release();
    }

    private static StreamPublisher Reserve(StreamHub hub)
    {
        if (!StreamName.TryParse("bench", out var name) || !hub.TryReserve(name, null, out var publisher)) throw new InvalidOperationException();
        publisher.Announce(null, TrackFormat.Default(Codec.H264));
        return publisher;
    }

    private static (long Packets, long Dropped, long Segmented, TimeSpan Cpu, long Allocated) Mark(UdpPort port, NetLoop loop)
    {
        var counters = port.Snapshot();
        return (counters.DatagramsOut, counters.SendDropped, counters.Segmented, Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
    }

    private static Socket Sink()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4096 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private sealed class Nobody : IDatagramHandler
    {
        public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
        {
        }
    }

    private sealed class Viewer(PeerAddress remote, uint ssrc, SrtpProfile profile) : IFanoutViewer
    {
        public PeerAddress Remote => remote;

        public SrtpSender Srtp { get; } = new(profile, Enumerable.Range((int)ssrc, profile.KeyLength).Select(i => (byte)i).ToArray(), new byte[profile.SaltLength]);

        public ViewerTrack? Audio => null;

        public ViewerTrack? Video { get; } = new(MediaKind.Video, Codec.H264, new Ssrc(ssrc), 103, 1, 2);

        public void SendReport(ViewerTrack track, NtpTime ntp, uint rtpTimestamp, Instant now)
        {
        }
    }
}
