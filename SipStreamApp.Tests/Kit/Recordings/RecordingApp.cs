using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Data;
using SipStreamApp.Media.Recording;
using Xunit;

namespace SipStreamApp.Tests.Kit.Recordings;

/// <summary>Short ways to the recordings of a running program.</summary>
internal static class RecordingApp
{
    /// <summary>The recordings as the page lists them.</summary>
    public static async Task<List<RecordingSnapshot>> RecordingsAsync(this RunningApp app)
    {
        var list = await app.Services.GetRequiredService<RecordingStore>().ListAsync(CancellationToken.None);
        Assert.True(list.Succeeded);
        return list.Value;
    }

    /// <summary>Waits until the newest recording of a stream is over and in the database.</summary>
    public static async Task<RecordingSnapshot> OverAsync(this RunningApp app, string stream, int seconds = 60)
    {
        RecordingSnapshot? last = null;
        var ok = await Wait.UntilAsync(
            async () => (last = (await app.RecordingsAsync()).FirstOrDefault(r => r.StreamName.Value == stream)) is { IsOver: true } && app.Engine.FindRecording(last.Id) is null,
            TimeSpan.FromSeconds(seconds));
        Assert.True(ok, $"Not over within {seconds} s: {last}");
        return last!;
    }

    /// <summary>The same, where it must be ready.</summary>
    public static async Task<RecordingSnapshot> ReadyAsync(this RunningApp app, string stream, int seconds = 60)
    {
        var recording = await app.OverAsync(stream, seconds);
        Assert.True(recording.State == RecordingState.Ready, recording.ToString());
        return recording;
    }
}
