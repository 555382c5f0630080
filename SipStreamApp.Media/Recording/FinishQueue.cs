using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SipStreamApp.Media.Recording;

/// <summary>Finishes recordings, a bounded number at once, and tells who wants to know of it.</summary>
internal sealed partial class FinishQueue(RecordingOptions options, Finisher finisher, RecordingFolder folder, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _jobs = new(Math.Max(1, options.FinishingJobs));
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Task> _tasks = new();
    private readonly AfterRecord _after = new(options, logger);

    public void Add(RecordingEntry entry)
    {
        if (_stop.IsCancellationRequested) return;
        var task = Task.Run(() => RunAsync(entry));
        _tasks[entry.Id] = task;
        _ = task.ContinueWith(_ => _tasks.TryRemove(entry.Id, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Stops at once; what is not finished is taken up at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _after.Dispose();
        _jobs.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(RecordingEntry entry)
    {
        try
        {
            await _jobs.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                await FinishAsync(entry).ConfigureAwait(false);
            }
            finally
            {
                _jobs.Release();
            }

            var done = entry.Snapshot;
            if (done.State == RecordingState.Ready) await _after.TellAsync(done, folder.Resolve(done.FileName)!, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogLeft(entry.Id);
        }
    }

    private async Task FinishAsync(RecordingEntry entry)
    {
        try
        {
            entry.Set(await finisher.RunAsync(entry, _stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The parts stay where they are: the next start tries again.
            LogFailed(e, entry.Id);
            entry.Note(entry.Snapshot with { State = RecordingState.Failed, Reason = $"It could not be finished: {e.Message}" });
            entry.Tell();
            return;
        }

        var snapshot = entry.Snapshot;
        LogDone(entry.Id, snapshot.FileName, snapshot.State, snapshot.Reason ?? "");
    }

    [LoggerMessage(RecordingLogIds.Ready, LogLevel.Information, "Recording {Id} is {State}: {File} {Reason}")]
    private partial void LogDone(string id, string file, RecordingState state, string reason);

    [LoggerMessage(RecordingLogIds.Failed, LogLevel.Error, "Recording {Id} could not be finished")]
    private partial void LogFailed(Exception fault, string id);

    [LoggerMessage(RecordingLogIds.Left, LogLevel.Information, "Recording {Id} will be finished at the next start")]
    private partial void LogLeft(string id);
}
