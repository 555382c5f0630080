using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Fanout;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Fanout;

public class PacketStoreTests
{
    private static readonly PacketStoreOptions Small = new()
    {
        FirstPackets = 8, FirstBytes = 1000, MaxPackets = 64, MaxBytes = 8000, KeepPackets = 20, KeepFor = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public void Commit_ManyPacketsOfAnySize_TheKeptOnesAreIntact()
    {
        var store = new PacketStore(Small);
        var random = new Random(3);
        var expected = new Dictionary<long, byte[]>();
        for (var i = 0; i < 20_000; i++)
        {
            var payload = new byte[random.Next(1, 200)];
            random.NextBytes(payload);
            if (random.Next(100) == 0) store.MarkKeyframe();
            expected[i] = payload;
            Add(store, payload, i);
            if (i % 50 != 0) continue;
            for (var k = store.First; k < store.Next; k++)
            {
                Assert.Equal(expected[k], store.Payload(store[k]).ToArray());
                Assert.Equal(k, store[k].Frame);
            }

            Assert.InRange(store.Next - store.First, 1, 64);
        }
    }

    [Fact]
    public void Commit_SinceTheLastKeyframe_IsKeptUpToTheBound()
    {
        var store = new PacketStore(Small);
        Add(store, new byte[100], 0);
        store.MarkKeyframe();
        for (var i = 1; i < 60; i++) Add(store, new byte[100], i * 10_000);
        Assert.Equal(1, store.GopStart);
        Assert.True(store.Contains(1));
        for (var i = 60; i < 200; i++) Add(store, new byte[100], i * 10_000);
        // Grown over the bound: nothing to start from, and no memory held for it.
        Assert.Equal(-1, store.GopStart);
        Assert.InRange(store.Next - store.First, 1, 64);
    }

    [Fact]
    public void Reserve_SteadyState_AllocatesNothing()
    {
        var store = new PacketStore(PacketStoreOptions.Video);
        long before = 0;
        for (var i = 0; i < 20_000; i++)
        {
            if (i == 5000) before = GC.GetAllocatedBytesForCurrentThread();
            if (i % 200 == 0) store.MarkKeyframe();
            store.Reserve(1180, Instant.FromMilliseconds(i));
            store.Commit(1180, false, Codec.H264, 0, i, Instant.FromMilliseconds(i));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Add(PacketStore store, byte[] payload, int ms)
    {
        var now = Instant.FromMilliseconds(ms);
        payload.CopyTo(store.Reserve(250, now));
        store.Commit(payload.Length, false, Codec.H264, (uint)ms, store.Next, now);
    }
}
