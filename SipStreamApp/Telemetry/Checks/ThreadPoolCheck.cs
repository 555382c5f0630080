using System.Globalization;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>How long work waits for a thread: requests, pages and children need one now and then.</summary>
internal sealed class ThreadPoolCheck(TimeProvider time) : IServerCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(200);

    public string Id => "threads";

    public string Title => "Thread pool";

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(_ => done.SetResult(time.GetElapsedTime(start)), null);
        var wait = await done.Task.WaitAsync(cancel);
        var figure = string.Create(CultureInfo.InvariantCulture, $"{wait.TotalMilliseconds:0.00} ms wait, {ThreadPool.ThreadCount} threads, {ThreadPool.PendingWorkItemCount} waiting");
        return wait > Late ? CheckResult.Warning(figure, "Work waits long for a thread: the machine is too busy.", "Look at the load of the machine; fewer calls, pushes or pages.") : CheckResult.Good(figure);
    }
}
