using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>Publishes the demo clip: pictures and sound that decode, at any pace and with any holes.</summary>
internal sealed class ClipFeeder
{
    public static readonly DemoClip Clip = DemoClip.Load();

    private static readonly StillPicture Still = StillPicture.Load();

    private readonly StreamHub _hub;
    private readonly EngineClock _clock;
    private readonly StreamPublisher _publisher;
    private readonly Codec? _audio;
    private readonly bool _video;
    private readonly G722Encoder _wideband = new();

    public ClipFeeder(StreamHub hub, EngineClock clock, Codec? audio = Codec.Opus, bool video = true, string name = "clip")
    {
        (_hub, _clock, _audio, _video) = (hub, clock, audio, video);
        if (!StreamName.TryParse(name, out var streamName) || !hub.TryReserve(streamName, null, out _publisher!)) throw new InvalidOperationException("The name is taken.");
        _publisher.Announce(audio is { } codec ? TrackFormat.Default(codec) : null, video ? TrackFormat.Default(Codec.H264) : null);
    }

    public LiveStream Stream => _publisher.Stream;

    /// <summary>Pictures published so far.</summary>
    public int Pictures { get; private set; }

    /// <summary>Stream time of the newest frame.</summary>
    public TimeSpan Newest { get; private set; }

    /// <summary>True to send a small still picture in place of the clip's.</summary>
    public bool Small { get; set; }

    /// <summary>What is added to every stream time.</summary>
    public TimeSpan Shift { get; set; }

    /// <summary>Publishes what lies between two times of the clip, both in steps of 20 ms; with a pause after each 100 ms of it.</summary>
    public async Task RunAsync(double from, double to, int pauseMs = 5, bool afterGap = false)
    {
        for (var ms = (int)Math.Round(from * 1000); ms < (int)Math.Round(to * 1000); ms += 20)
        {
            if (_video && ms % 40 == 0) Picture(ms / 40, afterGap);
            if (_audio is { } codec) Sound(codec, ms / 20, afterGap);
            afterGap = false;
            if (pauseMs > 0 && ms % 100 == 80) await Task.Delay(pauseMs);
        }
    }

    public void End() => _publisher.End(StreamEndReason.PublisherStopped);

    public void Picture(int index, bool afterGap = false)
    {
        Pictures++;
        var key = Small || Clip.IsKeyframe(index);
        Publish(Small ? Still.H264Format : Clip.VideoFormat, Small ? Still.H264(index).Span : Clip.VideoFrame(index).Span, key, index * 3600L, 40 * index, afterGap);
    }

    public void Sound(Codec codec, int index, bool afterGap = false) =>
        Publish(TrackFormat.Default(codec), Payload(codec, index), true, index * (codec == Codec.Opus ? 960L : 160L), 20 * index, afterGap);

    private byte[] Payload(Codec codec, int index)
    {
        if (codec == Codec.Opus) return Clip.OpusPacket(index).ToArray();
        var (rate, payload) = (codec == Codec.G722 ? 16000 : 8000, new byte[160]);
        var samples = new short[rate / 50];
        PcmTone.Fill(samples, rate, (long)index * samples.Length);
        if (codec == Codec.G722) _wideband.Encode(samples, payload);
        else if (codec == Codec.Pcma) G711.EncodeA(samples, payload);
        else G711.EncodeMu(samples, payload);
        return payload;
    }

    private void Publish(TrackFormat format, ReadOnlySpan<byte> data, bool key, long ticks, int ms, bool afterGap)
    {
        var frame = _hub.Frames.Rent(data.Length, out var room);
        data.CopyTo(room);
        frame.Complete(format, data.Length, key, ticks, TimeSpan.FromMilliseconds(ms) + Shift, _clock.Now, afterGap);
        Newest = frame.StreamTime;
        _publisher.Publish(frame);
        frame.Release();
    }
}
