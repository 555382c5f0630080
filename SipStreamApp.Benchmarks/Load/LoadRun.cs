using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Recordings;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Makes calls at a product, judges each of them, and counts.</summary>
internal sealed class LoadRun(Product product, Callees callees, Errors errors, Rest rest) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FileLimit = TimeSpan.FromSeconds(120);

    private readonly TestFolder _files = new();
    private readonly List<Task> _recordings = [];
    private int _calls, _viewers, _readers, _recorded;
    private long _packets;

    public int Calls => _calls;

    public string Totals => $"{_calls} calls, {_viewers} WebRTC viewers that got {_packets} packets, {_readers} readers by HLS and MSE, {_recorded} recordings, {errors.Count} errors";

    public void Dispose() => _files.Dispose();

    /// <summary>One call from startup to terminate, over within <paramref name="length"/> where nothing is late.</summary>
    public async Task CallAsync(string id, CallPlan plan, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        var viewers = new List<WhepViewer>();
        var recording = "";
        var up = await errors.GuardAsync(id, async () =>
        {
            await rest.PostAsync("/call/startup", callees.Body(id, plan.Callee));
            await EstablishedAsync(id);
            if (plan.Record) recording = await RecordAsync(id);
            for (var i = 0; i < plan.Viewers; i++) viewers.Add(await WhepViewer.WatchAsync(rest, id, plan.Callee == Callee.Picture));
            await MediaAsync(id);
            foreach (var viewer in viewers) await viewer.UntilMediaAsync(Patience);
        });
        var left = length - watch.Elapsed;
        if (up && left > TimeSpan.Zero) await errors.GuardAsync(id, () => WatchAsync(id, plan, left));
        foreach (var viewer in viewers)
        {
            if (up) await errors.GuardAsync(id, async () => Interlocked.Add(ref _packets, await viewer.LeaveAsync(rest, plan.Politely)));
            Interlocked.Increment(ref _viewers);
        }

        if (recording.Length > 0 && !plan.Politely) await errors.GuardAsync(id, () => rest.PostAsync("/recorder/terminate", new { mediaSessionId = id }));
        await errors.GuardAsync(id, async () =>
        {
            await rest.PostAsync("/call/terminate", new { callId = id });
            await rest.PostAsync("/call/find", new { callId = id }, HttpStatusCode.NotFound);
        });
        // Only now: the next viewer may get the same port, and what was on its way to this one would not be authentic for it.
        foreach (var viewer in viewers) viewer.Dispose();
        if (recording.Length > 0) Follow(errors.GuardAsync(id, () => FileAsync(recording, watch.Elapsed)));
        Interlocked.Increment(ref _calls);
    }

    /// <summary>Until the files of all recordings were seen and deleted.</summary>
    public async Task RecordingsDoneAsync()
    {
        Task[] open;
        lock (_recordings) open = [.. _recordings];
        await Task.WhenAll(open);
    }

    private async Task EstablishedAsync(string id)
    {
        var status = "";
        var ok = await Wait.UntilAsync(
            async () => (status = (await rest.QueryAsync("/call/find", new { callId = id }))[0].GetProperty("status").GetString()!) == "ESTABLISHED", Patience, pollMs: 100);
        if (!ok) throw new LoadException($"The call is {status} after {Patience.TotalSeconds} s");
    }

    // The stream tells how old its newest sound is as soon as there is some.
    private async Task MediaAsync(string id)
    {
        var ok = await Wait.UntilAsync(
            async () =>
            {
                var stream = (await rest.QueryAsync("/stream/find", new { name = id, published = true, display = Figures }))[0];
                return stream.GetProperty("metrics").TryGetProperty("AUDIO_SYNC", out var age) && age.GetInt64() > 0;
            },
            Patience,
            pollMs: 100);
        if (!ok) throw new LoadException($"No sound within {Patience.TotalSeconds} s after the answer");
    }

    private static readonly string[] Figures = ["metrics"];

    private async Task WatchAsync(string id, CallPlan plan, TimeSpan time)
    {
        var watching = new List<Task> { Task.Delay(time) };
        if (plan.Hls) watching.Add(Counted(() => HttpReaders.HlsAsync(rest, id, time - TimeSpan.FromSeconds(1))));
        if (plan.Mse) watching.Add(Counted(() => HttpReaders.MseAsync(product.Url, id, time * 0.9)));
        await Task.WhenAll(watching);

        Task Counted(Func<Task> reader)
        {
            Interlocked.Increment(ref _readers);
            return errors.GuardAsync(id, reader);
        }
    }

    private async Task<string> RecordAsync(string id)
    {
        await rest.PostAsync("/recorder/startup", new { mediaSessionId = id });
        var all = await rest.QueryAsync("/recorder/find_all", new { });
        return all.EnumerateArray().First(r => r.GetProperty("streamName").GetString() == id).GetProperty("id").GetString()!;
    }

    private void Follow(Task recording)
    {
        lock (_recordings)
        {
            _recordings.RemoveAll(r => r.IsCompleted);
            _recordings.Add(recording);
        }
    }

    // The file as a player gets it, read by ffprobe; then it is deleted, so that the disk does not fill.
    private async Task FileAsync(string recording, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        var path = _files.File(recording + ".mp4");
        for (;;)
        {
            using var answer = await rest.Http.GetAsync($"/recordings/{recording}/file");
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                await using var file = File.Create(path);
                await answer.Content.CopyToAsync(file);
                break;
            }

            // 404 for the moment between the end and the row in the database, 409 while it is finished.
            if (answer.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound) || watch.Elapsed > FileLimit)
                await Rest.CheckedAsync(answer, $"The file of recording {recording} after {watch.Elapsed.TotalSeconds:F0} s", HttpStatusCode.OK);
            await Task.Delay(500);
        }

        var probed = await MediaFile.ProbeAsync(path);
        if (probed.AudioCodec != "aac" || probed.Duration < Math.Max(0.2, length.TotalSeconds - 4)) throw new LoadException($"The recording of {length.TotalSeconds:F1} s is {probed}");
        File.Delete(path);
        await rest.DeleteAsync($"/recordings/{recording}");
        Interlocked.Increment(ref _recorded);
    }
}
