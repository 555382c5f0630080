using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Media.Recording;

/// <summary>A recorder on a hub with one made-up stream of pictures and sound that really decode.</summary>
internal sealed class RecorderKit : IAsyncDisposable
{
    private static readonly DemoClip Clip = DemoClip.Load();
    private static readonly StillPicture Still = StillPicture.Load();

    public RecorderKit(RecordingOptions? options = null, string ffmpeg = "ffmpeg", Codec? audio = Codec.Opus, TrackFormat? video = null, bool hasVideo = true)
    {
        Clock = new EngineClock(TimeProvider.System);
        Hub = new StreamHub(Clock, new StreamHubOptions());
        Recorder = new Recorder((options ?? new RecordingOptions()) with { Directory = Folder.File("records") }, ffmpeg, Clock, News.Enqueue, NullLogger.Instance, _ => Volatile.Read(ref Free));
        Assert.True(StreamName.TryParse("s", out var name));
        Assert.True(Hub.TryReserve(name, new CallId("c1"), out var publisher));
        Publisher = publisher;
        Publisher.Announce(audio is { } codec ? TrackFormat.Default(codec) : null, hasVideo ? video ?? Clip.VideoFormat : null);
    }

    public static TrackFormat Small => Still.H264Format;

    public static TrackFormat Vp8 => Still.Vp8Format;

    public long Free = 1L << 40;

    public TestFolder Folder { get; } = new();

    public EngineClock Clock { get; }

    public StreamHub Hub { get; }

    public StreamPublisher Publisher { get; }

    public Recorder Recorder { get; }

    public ConcurrentQueue<RecordingSnapshot> News { get; } = new();

    public RecordingSnapshot Begin(RecordingRequest? request = null)
    {
        var begun = Recorder.Begin(Publisher.Stream, request ?? new RecordingRequest { Login = "alice" });
        Assert.True(begun.Succeeded);
        return begun.Value;
    }

    /// <summary>So many pictures of 40 ms with two packets of Opus each, from a stream time on; waits until they are read.</summary>
    public async Task PlayAsync(int pictures, double fromSeconds, TrackFormat? video = null, bool picture = true, bool sound = true, bool afterGap = false)
    {
        for (var i = 0; i < pictures; i++)
        {
            var at = TimeSpan.FromSeconds(fromSeconds) + TimeSpan.FromMilliseconds(40 * i);
            if (picture) Picture(i, at, video, afterGap && i == 0);
            for (var n = 0; sound && n < 2; n++) Publish(Clip.AudioFormat, Clip.OpusPacket(2 * i + n).Span, at + TimeSpan.FromMilliseconds(20 * n), true, afterGap && i + n == 0);
            if (i % 100 == 99) await Task.Delay(250);
        }

        await Task.Delay(250);
    }

    public async Task<RecordingSnapshot> StopAsync(string id)
    {
        Assert.True(await Recorder.StopAsync(Publisher.Stream));
        return await OverAsync(id);
    }

    public async Task<RecordingSnapshot> OverAsync(string id)
    {
        Assert.True(await Wait.UntilAsync(() => Recorder.Find(id) is { IsOver: true }, TimeSpan.FromSeconds(60)), Recorder.Find(id)?.ToString());
        return Recorder.Find(id)!;
    }

    public string PathOf(RecordingSnapshot recording) => Recorder.PathOf(recording.FileName)!;

    public async ValueTask DisposeAsync()
    {
        Publisher.End(StreamEndReason.PublisherStopped);
        await Recorder.DisposeAsync();
        Assert.Equal(0, Hub.Frames.Outstanding);
        Folder.Dispose();
    }

    private void Picture(int i, TimeSpan at, TrackFormat? video, bool afterGap)
    {
        if (video is null) Publish(Clip.VideoFormat, Clip.VideoFrame(i).Span, at, Clip.IsKeyframe(i), afterGap);
        else Publish(video, video.Codec == Codec.Vp8 ? Still.Vp8.Span : Still.H264(i).Span, at, true, afterGap);
    }

    private void Publish(TrackFormat format, ReadOnlySpan<byte> data, TimeSpan at, bool key, bool afterGap)
    {
        var frame = Hub.Frames.Rent(data.Length, out var room);
        data.CopyTo(room);
        frame.Complete(format, data.Length, key, at.Ticks * format.ClockRate / TimeSpan.TicksPerSecond, at, Clock.Now, afterGap);
        Publisher.Publish(frame);
        frame.Release();
    }
}
