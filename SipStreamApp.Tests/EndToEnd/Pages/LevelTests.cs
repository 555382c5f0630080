using System.Globalization;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>Meters of sound: what the phone says is what the meter shows, and nobody pays for it who does not look.</summary>
[Collection(PagesCollection.Name)]
public class LevelTests(PagesLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Tone_InACall_IsItsLevel_SilenceIsTheFloor_AndFiftyStreamsAreCheap()
    {
        // Three seconds of a tone of amplitude 6000, -17.8 dBov; then digital silence.
        var silence = Enumerable.Repeat((byte)0xFF, 160).ToArray();
        await using var phone = TestPhone.Start(new TestPhoneOptions
        {
            Picture = null, SoundCodecs = [Codec.Pcmu], Sound = (codec, index) => index < 150 ? PhoneSound.Tone(440)(codec, index) : silence,
        });
        await phone.CallFromAsync(lab.App, "tone", video: false);
        var others = string.Concat(Enumerable.Range(0, 49).Select(i => $"&s=nobody-{i}"));
        using var answer = await lab.App.Http.GetAsync("/live/levels?s=tone" + others, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var (levels, bytes) = (new List<int>(), 0);

        // A level that does not change is not sent again: the floor comes once.
        while (levels is not [.., _, 127])
        {
            var line = await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (line is not { Length: > 6 }) continue;
            Assert.EndsWith("--", line, StringComparison.Ordinal);
            bytes = Math.Max(bytes, line.Length + 2);
            if (line[6] != '-') levels.Add(int.Parse(line.AsSpan(6, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        await lab.HangUpAsync("tone");
        // Where the tone begins and ends within a tenth of a second the mean is lower.
        var heard = string.Join(' ', levels);
        Assert.True(levels.Count(l => l is >= 15 and <= 21) >= Math.Max(1, levels.Count - 3), heard);
        Assert.True(levels.Min() >= 15, heard);
        Assert.InRange(bytes * 10, 1, 5000);
    }

    [Fact]
    public async Task Meter_OfAnOpusCall_ShowsItsLevel_AndRestsWhenNobodyLooks()
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Opus] });
        await phone.CallFromAsync(lab.App, "meter");
        await lab.App.UntilStatusAsync("meter", "ESTABLISHED", Patience);
        Assert.True(StreamName.TryParse("meter", out var name));
        bool IsMeasured() => lab.App.Engine.FindStream(name)!.Readers.Any(r => r.Kind is "level" or "transcode");
        Assert.False(IsMeasured());

        await using (var ui = await lab.OpenAsync())
        {
            await ui.LoadAsync("/streams/meter");
            // The tone between the beeps has -23 dB.
            await ui.Page.WaitForFunctionAsync("() => { const n = Number(document.querySelector('[data-level=meter]')?.getAttribute('aria-valuenow')); return n >= -26 && n <= -20; }");
            await ui.GoAsync("/", "Dashboard");
            await ui.Page.WaitForSelectorAsync(".tile [data-level=meter][data-level-state=ok]");
            await ui.Page.WaitForFunctionAsync("() => /inset\\(0px [2-6]\\d/.test(getComputedStyle(document.querySelector('.tile .level-fill')).clipPath)");
            Assert.Equal("meter", await ui.Page.EvaluateAsync<string>("() => document.querySelector('.tile [data-level=meter]').role"));
            Assert.True(IsMeasured());
            await ui.GoAsync("/history", "History");
            await Wait.ForAsync(() => !lab.App.Engine.FindStream(name)!.Readers.Any(r => r.Kind == "level"), Patience, () => "It is measured although nobody looks");
            ui.AssertSilent();
        }

        await lab.HangUpAsync("meter");
    }

    [Theory]
    [InlineData("/live/levels")]
    [InlineData("/live/levels?s=not%20a%20name")]
    public async Task Levels_OfNoStream_AreRefusedInWords(string path)
    {
        using var answer = await lab.App.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("must name 1 to 100 streams", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
