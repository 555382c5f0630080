using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>What the engine adds between the phone's packet and the viewer's. Every packet carries its own number.</summary>
[Collection(ViewerMeasurements.Name)]
public class ViewerLatencyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task RtpInToRtpOut_TakesUnderFiveMillisecondsPlusTheJitterTarget(int targetMs)
    {
        var soundAt = new ConcurrentDictionary<long, long>();
        await using var phone = TestPhone.Start(new TestPhoneOptions { Picture = Numbered(PhoneClip.Demo), SoundCodecs = [Codec.Pcmu], Sound = Sound });
        await using var app = await RunningApp.StartAsync("--Media:JitterBufferMs", $"{targetMs}");
        var call = await phone.CallFromAsync(app, "c1");
        using var browser = new FakeBrowser();
        await FakeViewer.WatchAsync(app, browser, "c1");
        await Task.Delay(1000, TestContext.Current.CancellationToken); // code is compiled, the buffer has found its line
        var from = (Sound: soundAt.Count, Picture: call.Pictures);
        await Task.Delay(3000, TestContext.Current.CancellationToken);

        var sound = browser.Of(0)
            .Select(p => (Index: BinaryPrimitives.ReadInt64BigEndian(p.Payload), p.TakenAt))
            .Where(p => p.Index > from.Sound)
            .Select(p => Stopwatch.GetElapsedTime(soundAt[p.Index], p.TakenAt).TotalMilliseconds).ToArray();
        var picture = browser.Of(103).Where(p => p.Marker)
            .Select(p => (Index: BinaryPrimitives.ReadInt64BigEndian(p.Payload.AsSpan(^8..)), p.TakenAt))
            .Skip((int)from.Picture)
            .Select(p => Stopwatch.GetElapsedTime(call.CapturedAt(p.Index).Stopwatch, p.TakenAt).TotalMilliseconds).ToArray();
        Say($"target {targetMs} ms; sound: {Figures(sound)}; picture: {Figures(picture)}");
        Assert.True(sound.Length > 100 && picture.Length > 40, $"{sound.Length} packets of sound, {picture.Length} pictures");
        // The median: single packets wait for the scheduler of a machine that is busy with other things.
        Assert.InRange(Median(sound), targetMs - 1, targetMs + 5);
        Assert.InRange(Median(picture), targetMs - 1, targetMs + 5);

        ReadOnlyMemory<byte> Sound(Codec codec, long index)
        {
            var payload = new byte[160];
            BinaryPrimitives.WriteInt64BigEndian(payload, index);
            soundAt[index] = Stopwatch.GetTimestamp();
            return payload;
        }
    }

    private static string Figures(double[] all) => $"median {Median(all):F2}, 95% {Quantile(all, 0.95):F2}, 99% {Quantile(all, 0.99):F2} ms of {all.Length}";

    // The last slice gets its number appended: no decoder looks at these.
    private static PhoneClip Numbered(PhoneClip clip) => clip with { Frames = [.. clip.Frames.Select((f, i) => Numbered(f.Span, i))] };

    private static ReadOnlyMemory<byte> Numbered(ReadOnlySpan<byte> frame, long index)
    {
        var last = 0;
        for (var at = 0; at < frame.Length; at += 4 + BinaryPrimitives.ReadInt32BigEndian(frame[at..])) last = at;
        byte[] made = [.. frame, .. new byte[8]];
        BinaryPrimitives.WriteInt32BigEndian(made.AsSpan(last), BinaryPrimitives.ReadInt32BigEndian(frame[last..]) + 8);
        BinaryPrimitives.WriteInt64BigEndian(made.AsSpan(frame.Length), index);
        return made;
    }
}
