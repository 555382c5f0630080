using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Primitives;

public class MediaFrameTests
{
    private static readonly TrackFormat Format = TrackFormat.Default(Codec.Opus);

    [Fact]
    public void Release_LastLease_ReturnsTheFrameToItsPool()
    {
        var pool = new MediaFramePool();
        var frame = pool.Rent(100, out var room);
        room[0] = 7;
        frame.Complete(Format, 1, true, 960, TimeSpan.FromMilliseconds(20), Instant.Zero);
        frame.Retain();
        frame.Release();
        Assert.Equal(1, pool.Outstanding);
        Assert.Equal(7, frame.Data[0]);
        frame.Release();
        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<InvalidOperationException>(() => frame.Retain());
    }

    [Fact]
    public void Rent_WarmPool_AllocatesNothing()
    {
        var pool = new MediaFramePool();
        for (var i = 0; i < 100; i++) Cycle(pool);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) Cycle(pool);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Idle_KeyframesAmongSound_DoNotMakeEveryFrameLarge()
    {
        var pool = new MediaFramePool();
        var sound = Enumerable.Range(0, 1000).Select(_ => pool.Rent(160, out var _)).ToList();
        sound.ForEach(f => f.Release());
        for (var i = 0; i < 5000; i++)
        {
            pool.Rent(16_000, out _).Release();
            pool.Rent(160, out _).Release();
        }

        Assert.InRange(pool.IdleBytes, 1000 * 160, 1000 * 256 + 16_384);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(9_000_000)]
    public void Rent_AnySize_HasTheRoom(int bytes)
    {
        var pool = new MediaFramePool();
        for (var i = 0; i < 3; i++)
        {
            var frame = pool.Rent(bytes, out var room);
            Assert.True(room.Length >= bytes);
            frame.Release();
        }
    }

    private static void Cycle(MediaFramePool pool)
    {
        var frame = pool.Rent(1200, out _);
        frame.Complete(Format, 1200, true, 0, TimeSpan.Zero, Instant.Zero);
        frame.Release();
    }
}
