using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Recordings;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class RecordingPageTests : PageTest
{
    private MediaEngine Engine => Services.GetRequiredService<MediaEngine>();

    [Fact]
    public async Task Delete_ThenUndo_TakesTheRowAwayAndBringsItBack()
    {
        await AddAsync(MadeUp.Recording("first", MadeUp.Noon.AddHours(-2)), MadeUp.Recording("second", MadeUp.Noon.AddHours(-1)));
        var contexts = Services.GetRequiredService<IDbContextFactory<AppDb>>();
        var page = Page<RecordingsPage>();
        Sees(page, "first.mp4");
        page.Find("button[aria-label='Delete first.mp4']").Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[title='first.mp4']")));
        Assert.NotEmpty(page.FindAll("[title='second.mp4']"));
        Assert.Equal(1, await DeletedAsync());

        Sees(page, "first.mp4 deleted");
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Undo").Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[title='first.mp4']")));
        Assert.Equal(0, await DeletedAsync());

        async Task<int> DeletedAsync()
        {
            await using var db = await contexts.CreateDbContextAsync();
            return await db.Recordings.CountAsync(r => r.DeletedAt != null);
        }
    }

    [Fact]
    public async Task DeleteOld_CountsFirst_DeletesThose_AndUndoBringsThemBack()
    {
        await AddAsync(MadeUp.Recording("young", MadeUp.Noon.AddDays(-1)), MadeUp.Recording("old", MadeUp.Noon.AddDays(-31)), MadeUp.Recording("older", MadeUp.Noon.AddDays(-90)));
        var page = Page<RecordingsPage>();
        Sees(page, "older.mp4");
        page.Find("form.delete-old").Submit();
        Sees(page, "2 recordings, 1.9 MB");
        Assert.NotEmpty(page.FindAll("[title='older.mp4']"));

        // Other days: what was counted counts no more.
        page.Find("form.delete-old input").Input("60");
        page.WaitForAssertion(() => Assert.DoesNotContain("2 recordings, ", page.Markup, StringComparison.Ordinal));
        page.Find("form.delete-old input").Input("0");
        page.Find("form.delete-old").Submit();
        Sees(page, "1 to 36500 days");
        page.Find("form.delete-old input").Input("60");
        page.Find("form.delete-old").Submit();
        Sees(page, "1 recording, 977 KB");
        page.FindAll("form.delete-old button").Single(b => b.TextContent == "Delete it").Click();
        Sees(page, "1 recording deleted");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[title='older.mp4']")));
        Assert.NotEmpty(page.FindAll("[title='old.mp4']"));
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Undo").Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[title='older.mp4']")));
    }

    [Fact]
    public async Task Play_PutsTheWaveformUnderIt_WhereThereIsSound()
    {
        var silent = MadeUp.Recording("silent", MadeUp.Noon.AddDays(-1));
        silent.AudioCodec = null;
        await AddAsync(MadeUp.Recording("loud", MadeUp.Noon.AddDays(-2)), silent);
        var page = Page<RecordingsPage>();
        Sees(page, "loud.mp4");
        page.Find("[aria-label='Play loud.mp4']").Click();
        page.WaitForAssertion(() => Assert.Equal(("/recordings/loud/peaks", "media-loud"), (page.Find("sip-waveform").GetAttribute("src"), page.Find("sip-waveform").GetAttribute("for"))));
        Assert.Equal("/recordings/loud/file", page.Find("#media-loud").GetAttribute("src"));
        page.Find("[aria-label='Play silent.mp4']").Click();
        Sees(page, "No waveform: it has no sound.");
        Assert.Empty(page.FindAll("sip-waveform"));
    }

    [Theory]
    [InlineData(100, 0, "live", "≈ 99 days left at this rate")]
    [InlineData(2, 0, "warn", "≈ 1 day left at this rate")]
    [InlineData(0, 0, "error", "Recording is stopped")]
    public void DiskBar_SaysHowLongItLasts_AndTheBarIsInWordsToo(int freeGb, int retention, string css, string said)
    {
        const long Gb = 1L << 30;
        var disk = new RecordingDisk(freeGb * Gb, 200 * Gb, Gb, retention, new RecordingUse(50 * Gb, Gb, Gb, MadeUp.Noon.AddDays(-9)));
        var bar = Render<DiskBar>(p => p.Add(b => b.Disk, disk).Add(b => b.Now, MadeUp.Noon));
        Assert.Contains(css, bar.Find("strong").ClassList);
        Assert.Contains(said, bar.Find("strong").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Recordings 50.00 GB, ", bar.Find(".disk-bar").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal("width:25.00%", bar.Find(".disk-bar .disk-mine").GetAttribute("style"));
    }

    [Fact]
    public async Task RecordButton_OnALiveStream_StartsAndStopsItsRecording()
    {
        var feeder = new StreamFeeder(Engine.Hub, new EngineClock(TimeProvider.System), "call_stream1");
        var button = Button();
        Assert.Equal("Record call_stream1", button.Find("button").GetAttribute("aria-label"));
        await button.Find("button").ClickAsync(new());
        var recording = Assert.Single(Engine.Recordings);
        Assert.Equal((RecordingState.Recording, "call_stream1"), (recording.State, recording.StreamName.Value));
        Assert.Equal(("Stop recording call_stream1", "true"), (button.Find("button").GetAttribute("aria-label"), button.Find("button").GetAttribute("aria-pressed")));

        await button.Find("button").ClickAsync(new());
        Assert.NotEqual(RecordingState.Recording, Engine.FindRecording(recording.Id)!.State);
        Assert.Equal("false", button.Find("button").GetAttribute("aria-pressed"));
        feeder.End();
    }

    [Fact]
    public async Task RecordButton_WhereTheEngineRefuses_SaysWhy()
    {
        var button = Button();
        await button.Find("button").ClickAsync(new());
        Assert.Contains("There is no stream", button.Find("button").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Contains("⚠", button.Markup, StringComparison.Ordinal);
        Assert.Empty(Engine.Recordings);
    }

    [Fact]
    public void RecordButton_BeforeTheCallIsAnswered_IsNotThere() =>
        Assert.Empty(Render<RecordButton>(p => p.Add(b => b.Stream, MadeUp.Stream("call_stream1")).Add(b => b.IsReady, false)).FindAll("button"));

    private async Task AddAsync(params RecordingRecord[] rows)
    {
        await Services.GetRequiredService<Database>().EnsureReadyAsync(CancellationToken.None);
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        db.Recordings.AddRange(rows);
        await db.SaveChangesAsync();
    }

    private IRenderedComponent<IComponent> Button() =>
        Render<RecordButton>(p => p.Add(b => b.Stream, MadeUp.Stream("call_stream1")).Add(b => b.IsReady, true));
}
