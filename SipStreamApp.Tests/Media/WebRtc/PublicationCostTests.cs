using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Publishing;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

public class PublicationCostTests
{
    [Fact]
    public void OnRtp_ThousandsOfPackets_AllocateNothingEach()
    {
        const int Warm = 2000, Measured = 4000;
        var clock = new EngineClock(TimeProvider.System);
        var hub = new StreamHub(clock, new StreamHubOptions());
        Assert.True(StreamName.TryParse("cam", out var name));
        Assert.True(hub.TryReserve(name, null, out var publisher));
        // Not started: this thread is the loop's.
        using var loop = new NetLoop("test", clock, NetLoopOptions.Default, NullLogger.Instance);
        var link = new CountingLink();
        var publication = new Publication(
            new PublicationSettings
            {
                Publisher = publisher, Frames = hub.Frames, Cname = "cn", TransportWideId = 4, ReducedSize = true,
                Video = new PublishedMedia(MediaKind.Video, TrackFormat.Default(Codec.Vp8), new PayloadType(96), new Ssrc(1)) { Nack = true, Rtx = new PayloadType(97) },
            },
            link, loop, clock);
        var now = loop.Now;
        publication.Start(now);
        var packets = Enumerable.Range(0, Warm + Measured).Select(Packet).ToArray();
        long before = 0;
        for (var i = 0; i < packets.Length; i++)
        {
            if (i == Warm) before = GC.GetAllocatedBytesForCurrentThread();
            // Every 50th comes only when it is asked for, as a resend of its own numbering would.
            if (i % 50 != 49) publication.OnRtp(packets[i], now);
            if (i % 50 == 1 && i > 50) publication.OnRtp(packets[i - 2], now);
            now += TimeSpan.FromMilliseconds(0.5);
            publication.Drain(now);
        }

        var perPacket = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Measured;
        var seen = publisher.Stream.Snapshot().Video!;
        publication.End(StreamEndReason.PublisherStopped);
        // Figures twice a second are all: 4 of them here.
        Assert.InRange(perPacket, 0, 2);
        Assert.True(seen.Frames > (Warm + Measured) / 3 * 0.95, $"{seen.Frames} frames");
        Assert.True(link.Sent > 40, $"{link.Sent} messages");
        Assert.Equal(0, hub.Frames.Outstanding);
    }

    private static byte[] Packet(int number)
    {
        var frame = number / 3;
        var packet = new byte[1100];
        byte[] head =
        [
            0x90, (byte)(96 | (number % 3 == 2 ? 0x80 : 0)), (byte)(number >> 8), (byte)number, 0, (byte)(frame * 30 >> 16), (byte)(frame * 30 >> 8), (byte)(frame * 30), 0, 0, 0, 7,
            0xBE, 0xDE, 0, 1, 0x41, (byte)(number >> 8), (byte)number, 0, (byte)(number % 3 == 0 ? 0x10 : 0),
        ];
        head.CopyTo(packet, 0);
        byte[] start = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01];
        if (number % 3 == 0) start.CopyTo(packet, head.Length);
        return packet;
    }

    private sealed class CountingLink : IPublicationLink
    {
        public int Sent { get; private set; }

        public void SendRtcp(ReadOnlySpan<byte> packet) => Sent++;
    }
}
