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
        await Services.GetRequiredService<Database>().EnsureReadyAsync(CancellationToken.None);
        var contexts = Services.GetRequiredService<IDbContextFactory<AppDb>>();
        await using (var db = await contexts.CreateDbContextAsync())
        {
            db.Recordings.AddRange(MadeUp.Recording("first", MadeUp.Noon.AddHours(-2)), MadeUp.Recording("second", MadeUp.Noon.AddHours(-1)));
            await db.SaveChangesAsync();
        }

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

    private IRenderedComponent<IComponent> Button() =>
        Render<RecordButton>(p => p.Add(b => b.Stream, MadeUp.Stream("call_stream1")).Add(b => b.IsReady, true));
}
