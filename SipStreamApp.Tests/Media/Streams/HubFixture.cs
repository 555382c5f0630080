using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Streams;

/// <summary>A hub with one published stream and short ways to feed and read it.</summary>
internal sealed class HubFixture
{
    public static readonly TrackFormat Video = TrackFormat.Default(Codec.H264);
    public static readonly TrackFormat Audio = TrackFormat.Default(Codec.Pcmu);

    private int _frame;

    public HubFixture(StreamHubOptions? options = null)
    {
        Clock = new EngineClock(Time);
        Hub = new StreamHub(Clock, options ?? new StreamHubOptions());
        Assert.True(StreamName.TryParse("s", out var name));
        Assert.True(Hub.TryReserve(name, null, out var publisher));
        Publisher = publisher;
    }

    public ManualTime Time { get; } = new();

    public EngineClock Clock { get; }

    public StreamHub Hub { get; }

    public StreamPublisher Publisher { get; }

    /// <summary>Publishes one video frame whose single byte is <paramref name="id"/>.</summary>
    public void Picture(byte id, bool key = false) => Publish(Video, id, key);

    public void Sound(byte id) => Publish(Audio, id, key: true);

    /// <summary>Reads and releases everything queued: the ids, in order.</summary>
    public static List<byte> Drain(Subscription reader)
    {
        var ids = new List<byte>();
        while (reader.TryRead(out var item))
        {
            ids.Add(item.Frame.Data[0]);
            item.Frame.Release();
        }

        return ids;
    }

    private void Publish(TrackFormat format, byte id, bool key)
    {
        var frame = Hub.Frames.Rent(1, out var room);
        room[0] = id;
        frame.Complete(format, 1, key, _frame * 3600L, TimeSpan.FromMilliseconds(40 * _frame++), Clock.Now);
        Publisher.Publish(frame);
        frame.Release();
    }
}
