using System.Diagnostics;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A phone on a bad line: what viewers, files and segments get is whole pictures or none.</summary>
public class ViewerSourceLossTests
{
    [Fact]
    public async Task TwoPercentLossAndReorderingFromThePhone_NoCorruptPictureIsPublished()
    {
        var line = new PhoneLine { Loss = 0.02, Reorder = 0.03, Seed = 7 };
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundLine = line, PictureLine = line with { Seed = 8 } });
        await using var app = await RunningApp.StartAsync();
        var call = await phone.CallFromAsync(app, "c1");
        LiveStream? stream = null;
        await Wait.ForAsync(() => (stream = app.Engine.Hub.Streams.SingleOrDefault(s => s.State == StreamState.Live)) is not null, TimeSpan.FromSeconds(5), () => "no stream");
        var seen = await ReadAsync(stream!, TimeSpan.FromSeconds(15));

        var clip = phone.Options.Picture!;
        var places = clip.Frames.Select((f, i) => (Text: Convert.ToHexString(f.Span), Index: i)).ToLookup(p => p.Text, p => p.Index);
        var (last, skips) = (-1, 0);
        foreach (var (data, isKey, _) in seen)
        {
            var here = places[data].ToArray();
            Assert.True(here.Length > 0, "a picture was published that the phone never sent");
            var next = here.FirstOrDefault(i => i == (last + 1) % clip.Frames.Count, -1);
            if (next < 0)
            {
                Assert.True(isKey, "a picture was published without the one it builds on");
                skips++;
            }

            last = next < 0 ? here[0] : next;
        }

        var gaps = seen.Zip(seen.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a.At, b.At).TotalMilliseconds).ToArray();
        var wire = call.PictureWire!;
        var figures = app.Engine.Calls.Single().Media.Single(m => m.Kind == MediaKind.Video);
        Say($"{wire.Lost} packets of {wire.Sent + wire.Lost} lost, {wire.Overtaken} overtaken; {seen.Count} pictures of {call.Pictures} published, all whole, {skips} times from a keyframe on; " +
            $"{figures.IncompleteFrames} incomplete, {call.KeyframeRequests} keyframes asked for; longest gap {gaps.Max():F0} ms");
        Assert.True(wire is { Lost: > 5, Overtaken: > 5 });
        Assert.True(figures.IncompleteFrames > 0 && call.KeyframeRequests > 0);
        Assert.True(seen.Count > call.Pictures * 0.6, $"only {seen.Count} of {call.Pictures} pictures");
        Assert.True(Stopwatch.GetElapsedTime(seen[^1].At).TotalSeconds < 3, "the picture stands");
        using var end = await app.PostAsync("/call/terminate", new { callId = "c1" });
        await Wait.ForAsync(() => call.IsOver && app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5), () => "frames are left behind");
    }

    private static async Task<List<(string Data, bool IsKey, long At)>> ReadAsync(LiveStream stream, TimeSpan time)
    {
        var seen = new List<(string, bool, long)>();
        var watch = Stopwatch.StartNew();
        using var reader = stream.Subscribe("test", replay: true, static () => { });
        while (watch.Elapsed < time)
        {
            await Task.Delay(5);
            while (reader.TryRead(out var item))
            {
                if (item.Frame.Format.Kind == MediaKind.Video) seen.Add((Convert.ToHexString(item.Frame.Data), item.Frame.IsKeyframe, Stopwatch.GetTimestamp()));
                item.Frame.Release();
            }
        }

        Assert.Equal(0, reader.Dropped);
        return seen;
    }
}
