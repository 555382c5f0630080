using System.Buffers.Binary;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>Publishes a made-up call: H.264-shaped frames of random bytes at 25/s and 20 ms sound packets, each when asked for.</summary>
internal sealed class StreamFeeder
{
    private readonly StreamHub _hub;
    private readonly EngineClock _clock;
    private readonly StreamPublisher _publisher;
    private readonly TrackFormat _video = TrackFormat.Default(Codec.H264) with { ProfileLevelId = "42e01f" };
    private readonly Random _random = new(7);
    private TrackFormat? _audio;
    private int _keyframesWanted;
    private long _audioTicks;

    public StreamFeeder(StreamHub hub, EngineClock clock, string name = "test", Codec? audio = Codec.Opus, bool video = true)
    {
        (_hub, _clock) = (hub, clock);
        if (!StreamName.TryParse(name, out var streamName) || !hub.TryReserve(streamName, null, out _publisher!)) throw new InvalidOperationException("The name is taken.");
        _publisher.KeyframeWanted = () => Interlocked.Increment(ref _keyframesWanted);
        _audio = audio is { } codec ? TrackFormat.Default(codec) : null;
        _publisher.Announce(_audio, video ? _video : null);
    }

    public LiveStream Stream => _publisher.Stream;

    /// <summary>Keyframe requests that left for the source.</summary>
    public int KeyframesWanted => Volatile.Read(ref _keyframesWanted);

    /// <summary>What was published as picture, in order.</summary>
    public List<byte[]> Frames { get; } = [];

    public long VideoTicks { get; private set; }

    /// <summary>One picture of one NAL unit, 40 ms after the one before.</summary>
    public void Video(bool key = false, int bytes = 3000)
    {
        var frame = _hub.Frames.Rent(bytes + 4, out var room);
        var data = room[..(bytes + 4)];
        _random.NextBytes(data);
        BinaryPrimitives.WriteInt32BigEndian(data, bytes);
        data[4] = (byte)(key ? 0x65 : 0x41);
        Frames.Add(data.ToArray());
        frame.Complete(_video, data.Length, key, VideoTicks, TimeSpan.FromSeconds(VideoTicks / 90000.0), _clock.Now);
        VideoTicks += 3600;
        _publisher.Publish(frame);
        frame.Release();
    }

    /// <summary>20 ms of sound.</summary>
    public void Audio(int bytes = 160, Codec? codec = null)
    {
        if (codec is { } other) _audio = TrackFormat.Default(other);
        var frame = _hub.Frames.Rent(bytes, out var room);
        _random.NextBytes(room[..bytes]);
        var ticks = _audioTicks * _audio!.ClockRate / 50;
        frame.Complete(_audio, bytes, true, ticks, TimeSpan.FromMilliseconds(20 * _audioTicks), _clock.Now);
        _audioTicks++;
        _publisher.Publish(frame);
        frame.Release();
    }

    /// <summary>So many pictures with two packets of sound each, with a pause after each.</summary>
    public async Task RunAsync(int frames, int keyEvery = 50, int pauseMs = 2, int bytes = 3000)
    {
        for (var i = 0; i < frames; i++)
        {
            Video(i % keyEvery == 0, bytes);
            Audio();
            Audio();
            if (pauseMs > 0) await Task.Delay(pauseMs);
        }
    }

    public void End(StreamEndReason reason = StreamEndReason.PublisherStopped) => _publisher.End(reason);
}
