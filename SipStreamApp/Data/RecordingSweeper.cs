using SipStreamApp.Hosting;

namespace SipStreamApp.Data;

/// <summary>Removes recordings that were deleted a while ago, and those older than Recording:RetentionDays.</summary>
internal sealed class RecordingSweeper(RecordingStore store, AppSettings settings, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                var now = time.GetUtcNow();
                var days = settings.Engine.Recording.RetentionDays;
                await store.PurgeAsync(now - RecordingStore.UndoTime, days > 0 ? now.AddDays(-days) : DateTimeOffset.UnixEpoch, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }
}
