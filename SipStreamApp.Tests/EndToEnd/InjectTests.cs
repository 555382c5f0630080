using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Media.Codecs;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>What a callee hears and sees of streams and files that are put into its call.</summary>
[Collection(PhoneCollection.Name)]
public class InjectTests(PhoneLab lab) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Streams_OfThreeCallsAndAFile_AreHeardOneAfterTheOther()
    {
        await using var singer = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Pcma], Sound = PhoneSound.Tone(700) });
        await using var opus = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Opus], Picture = null });
        await using var listener = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Pcma, Codec.Pcmu], Sound = PhoneSound.Tone(300) });
        var (from, other, to) = (PhoneLab.NewId("singer"), PhoneLab.NewId("opus"), PhoneLab.NewId("ears"));
        var source = await singer.CallFromAsync(Lab.App, from);
        await opus.CallFromAsync(Lab.App, other, video: false);
        var ears = await listener.CallFromAsync(Lab.App, to);
        await Task.WhenAll(new[] { from, other, to }.Select(id => Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience)));
        var (sound, picture) = (ears.SoundEar, ears.PictureEar);

        // PCMA to PCMA, as it is; the picture from a keyframe on, byte by byte.
        var (soundMark, pictureMark) = (sound.Count, picture.Count);
        await OkAsync("/call/inject_stream/startup", new { callId = to, streamName = from });
        await HearsAsync(sound, 700, soundMark, "PCMA to PCMA");
        await Wait.ForAsync(() => Sent(picture.Pictures(pictureMark)) > 30, Patience, () => $"Of {picture.Pictures(pictureMark).Count} pictures {Sent(picture.Pictures(pictureMark))} are the singer's");
        var first = picture.Pictures(pictureMark).First(p => Index(p) >= 0);
        Assert.True(PhoneClip.Demo.IsKeyframe(Index(first)), "The picture does not begin with a keyframe");

        // On hold nothing is heard; after it the stream goes on.
        Assert.Null(await Lab.App.Engine.HoldAsync(new CallId(to), CancellationToken.None));
        Assert.Null(await Lab.App.Engine.ResumeAsync(new CallId(to), CancellationToken.None));
        soundMark = sound.Count;
        await HearsAsync(sound, 700, soundMark, "after the hold");

        // A wish for a keyframe goes through to the singer.
        var asked = source.KeyframeRequests;
        ears.AskForKeyframe();
        await Wait.ForAsync(() => source.KeyframeRequests > asked, Patience, () => "The PLI did not get through");

        // PCMA to PCMU, in the middle of the call.
        soundMark = sound.Count;
        await ears.ChangeSoundAsync(Codec.Pcmu);
        await Wait.ForAsync(() => sound.Codecs(soundMark).Contains(Codec.Pcmu), Patience, () => "The codec did not change");
        soundMark = sound.Count;
        await HearsAsync(sound, 700, soundMark, "PCMA to PCMU");
        Assert.Equal([Codec.Pcmu], sound.Codecs(soundMark));

        // Opus to PCMU and then, by another change of the codec, to PCMA: by ffmpeg. One reader of the source, no more.
        soundMark = sound.Count;
        await OkAsync("/call/inject_stream", new { callId = to, streamName = other });
        await HearsAsync(sound, 440, soundMark, "Opus to PCMU");
        await ears.ChangeSoundAsync(Codec.Pcma);
        await Wait.ForAsync(() => sound.Codecs(sound.Count - 5) is [Codec.Pcma], Patience, () => "The codec did not change back");
        soundMark = sound.Count;
        await HearsAsync(sound, 440, soundMark, "Opus to PCMA");
        // The one that made PCMU goes to sleep by itself.
        await Wait.ForAsync(() => Readers(other).SequenceEqual(["call", "transcode"]), Patience, () => string.Join(' ', Readers(other)));

        // A file in between, keys pressed over it, and then the stream again.
        Directory.CreateDirectory(Path.Combine(Lab.App.DataFolder, "media"));
        await File.WriteAllBytesAsync(Path.Combine(Lab.App.DataFolder, "media", "beep.wav"), Wav(1200, 1.0));
        soundMark = sound.Count;
        await OkAsync("/call/inject_sound", new { callId = to, fileName = "beep.wav" });
        await HearsAsync(sound, 1200, soundMark, "the file");
        await OkAsync("/call/send_dtmf", new { callId = to, dtmf = "42", type = "RFC2833" });
        Assert.Equal("42", sound.Keys());
        await Wait.ForAsync(() => sound.Count > soundMark + 100, Patience, () => "Silence after the file");
        await HearsAsync(sound, 440, sound.Count, "the stream behind the file");

        // Stopped: silence. The transcoder goes to sleep by itself; the stream's end stops the next one.
        await OkAsync("/call/inject_stream/terminate", new { callId = to });
        await SilentAsync(sound);
        await OkAsync("/call/inject_stream/startup", new { callId = to, streamName = from });
        await HearsAsync(sound, 700, sound.Count, "PCMA again");
        await Lab.EndCallAsync(from);
        await SilentAsync(sound);
        Assert.Equal("", sound.Flaws() + picture.Flaws());

        await FailsAsync("/call/inject_stream/startup", new { callId = to, streamName = from }, "stream-not-found", HttpStatusCode.NotFound);
        await FailsAsync("/call/inject_sound", new { callId = to, fileName = "../appsettings.json" }, "sound-not-found", HttpStatusCode.NotFound);
        await FailsAsync("/call/inject_sound", new { callId = to }, "invalid-field", HttpStatusCode.InternalServerError);
        await FailsAsync("/call/inject_stream/terminate", new { callId = from }, "call-not-found", HttpStatusCode.NotFound);
        await Lab.EndCallAsync(other);
        await Lab.EndCallAsync(to);
        await Lab.AssertNothingLeftAsync();
    }

    private static Task HearsAsync(HeardRtp ear, double hertz, int from, string what) =>
        Wait.ForAsync(() => ear.Hears(hertz, from), Patience, () => $"{what}: no tone of {hertz} Hz in {ear.Count - from} packets");

    private static async Task SilentAsync(HeardRtp ear)
    {
        var ok = await Wait.UntilAsync(
            async () =>
            {
                var from = ear.Count;
                await Wait.UntilAsync(() => ear.Count >= from + 10, Patience);
                return ear.Pcm(from) is { Length: > 0 } sound && sound.All(s => Math.Abs((int)s) < 50);
            },
            Patience);
        Assert.True(ok, "It is not silent");
    }

    // How many of the pictures are the singer's, byte by byte.
    private static int Sent(IEnumerable<byte[]> pictures) => pictures.Count(p => Index(p) >= 0);

    private static int Index(byte[] picture)
    {
        for (var i = 0; i < PhoneClip.Demo.Frames.Count; i++) if (PhoneClip.Demo.Frames[i].Span.SequenceEqual(picture)) return i;
        return -1;
    }

    private static byte[] Wav(double hertz, double seconds)
    {
        var data = new byte[(int)(16000 * seconds)];
        for (var i = 0; i < data.Length / 2; i++) BitConverter.TryWriteBytes(data.AsSpan(2 * i), (short)(8000 * Math.Sin(2 * Math.PI * hertz * i / 8000)));
        return WavFileTests.Wav(1, 1, 8000, 16, data);
    }

    private IEnumerable<string> Readers(string stream) =>
        Lab.App.Engine.Streams.Single(s => s.Name.Value == stream).Readers.Select(r => r.Kind).Where(k => k is "call" or "transcode").Order();

    private async Task OkAsync(string path, object body)
    {
        using var answer = await Lab.App.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK && text.Length == 0, $"{answer.StatusCode}: {text}");
    }

    private async Task FailsAsync(string path, object body, string code, HttpStatusCode status)
    {
        using var answer = await Lab.App.PostAsync(path, body);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
