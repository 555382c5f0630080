using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class SegmentationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runs_OfEqualDatagrams_ArriveAsTheyWereWritten(bool offload)
    {
        await using var loop = new NetLoop("gso", new EngineClock(TimeProvider.System), new() { SegmentationOffload = offload }, NullLogger.Instance);
        loop.Start();
        var (left, right) = (new Collector(), new Collector());
        using var a = loop.Bind(left, UdpPortOptions.Mux);
        using var b = loop.Bind(right, UdpPortOptions.Mux);
        using var from = loop.Bind(new Echo(), UdpPortOptions.Mux);
        // Equal ones, a shorter last one, a longer one after it, a change of peer, an empty one, one alone.
        (UdpPort To, int[] Sizes)[] plan =
            [(a, [1200, 1200, 1200, 700, 1200]), (b, [1200, 1200, 0, 40, 41, 41]), (a, [5]), (b, [.. Enumerable.Repeat(1100, 90)])];
        await loop.RunAsync(() =>
        {
            var n = 0;
            foreach (var (to, sizes) in plan)
            {
                foreach (var size in sizes)
                {
                    from.BeginSend(to.Address())[..size].Fill((byte)n++);
                    from.EndSend(size);
                }
            }
        });
        await NetKit.Until(() => left.Count == 6 && right.Count == 96, "all arrive");
        Assert.Equal([1200, 1200, 1200, 700, 1200, 5], left.All().Select(d => d.Length));
        Assert.Equal(plan[1].Sizes.Concat(plan[3].Sizes), right.All().Select(d => d.Length));
        Assert.Equal([0, 1, 2, 3, 4, 11], left.All().Select(d => (int)d[0]));
        Assert.All(right.All(), d => Assert.True(d.Length == 0 || d.All(x => x == d[0])));
        var counts = from.Snapshot();
        Assert.Equal((102, 0), (counts.DatagramsOut, counts.SendDropped));
        Assert.Equal(left.All().Concat(right.All()).Sum(d => d.Length), counts.BytesOut);
        // Whether the kernel can is its affair; where it may not, it must not.
        if (!offload) Assert.Equal(0, counts.Segmented);
    }

    [Fact]
    public async Task RefusedRun_IsSentDatagramByDatagram()
    {
        Assert.SkipUnless(EpollPoller.IsSupported, "Linux only");
        await using var loop = NetKit.Loop();
        var got = new Collector();
        using var target = loop.Bind(got, UdpPortOptions.Mux);
        using var from = loop.Bind(new Echo(), UdpPortOptions.Mux);
        // A run that the kernel refuses for its checksum: UDP checksums off and segmentation do not go together (EIO or EINVAL).
        Assert.True(LinuxNative.SetOption(from.Socket, 1, 11 /* SO_NO_CHECK */, 1));
        await loop.RunAsync(() =>
        {
            for (var i = 0; i < 20; i++) from.Send(new byte[1000], target.Address());
        });
        await NetKit.Until(() => got.Count == 20, "all arrive all the same");
        Assert.Equal((20, 0, 0), (from.Snapshot().DatagramsOut, from.Snapshot().SendDropped, from.Snapshot().Segmented));
    }

    [Fact]
    public void Batch_WithTwoPeersAndSizes_MakesTheRightRuns()
    {
        Assert.SkipUnless(EpollPoller.IsSupported, "Linux only");
        using var loop = NetKit.Loop();
        using var port = loop.Bind(new Echo());
        var (x, y, v6) = (PeerAddress.From(IPAddress.Loopback, 1), PeerAddress.From(IPAddress.Loopback, 2), PeerAddress.From(IPAddress.IPv6Loopback, 1));
        var batch = new SendBatch();
        foreach (var (to, size) in ((PeerAddress, int)[])[(x, 9), (x, 9), (x, 4), (x, 9), (v6, 9), (v6, 9), (y, 9), (y, 9)])
        {
            batch.Begin(port, to);
            batch.Commit(port, size);
        }

        var send = new LinuxSendBatch(true);
        Assert.Equal(3, send.Prepare(batch, 0, false, true));
        Assert.Equal([0, 3, 6], Enumerable.Range(0, 3).Select(send.FirstSlot));
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(send.IsRun));
        Assert.Equal(y, send.To(2));
        Assert.Equal(5, send.Prepare(batch, 3, true, false));
        send.SegmentationRefused(LinuxNative.EINVAL);
        Assert.True(send.Segmentation);
        send.SegmentationRefused(LinuxNative.EIO);
        Assert.False(send.Segmentation);
        Assert.Equal(6, send.Prepare(batch, 0, false, true));
    }
}
