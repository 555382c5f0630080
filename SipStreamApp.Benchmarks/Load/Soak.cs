using System.Diagnostics;
using System.Globalization;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>
/// dotnet run -c Release --project SipStreamApp.Benchmarks -- soak [--minutes 60] [--calls 50] [--seconds 20]
/// So many calls at once, each replaced by the next after so many seconds, with viewers and recordings. A line a minute.
/// </summary>
internal static class Soak
{
    private const double MostGrowth = 0.02;

    public static async Task<int> RunAsync(string[] args)
    {
        var minutes = Math.Max(4, Options.Number(args, "--minutes", 60));
        var calls = Options.Number(args, "--calls", 50);
        var period = TimeSpan.FromSeconds(Options.Number(args, "--seconds", 20));

        Children.EndWithThis();
        var errors = new Errors();
        await using var product = await Product.StartAsync();
        await using var callees = await Callees.StartAsync();
        using var gauge = new Gauge(product);
        var start = await gauge.ReadSettledAsync();
        // Calls begin until the last sample was taken, so that it is like the others.
        var last = TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(5);
        Console.WriteLine($"{calls} calls at once, {period.TotalSeconds:F0} s each, {minutes} minutes; product is process {product.ProcessId}");
        Console.WriteLine("minute   calls  errors  RSS MB  heap MB   fds  UDP  RTP ports  threads  timers  viewers  recordings  ffmpeg");
        Console.WriteLine(Line(0, 0, 0, start.Resident, start));

        var (resident, heap, descriptors) = (new List<double>(), new List<double>(), new List<double>());
        string totals;
        using (var rest = new Rest(product.Url))
        using (var run = new LoadRun(product, callees, errors, rest))
        {
            var clock = Stopwatch.StartNew();
            var slots = Enumerable.Range(0, calls).Select(slot => SlotAsync(run, slot, clock, period * slot / calls, period, last)).ToArray();
            for (var minute = 1; minute <= minutes && !product.HasExited; minute++)
            {
                resident.Add(await ResidentAsync(gauge, clock, TimeSpan.FromMinutes(minute)));
                var now = await gauge.ReadCollectedAsync();
                heap.Add(now.Heap);
                errors.TakeLog(product);
                descriptors.Add(now.Descriptors);
                Console.WriteLine(Line(minute, run.Calls, errors.Count, (long)resident[^1], now));
            }

            await Task.WhenAll(slots);
            await run.RecordingsDoneAsync();
            totals = run.Totals;
        }

        errors.TakeLog(product);
        if (!callees.AllRun) errors.Add("sipp", "ended before its time");
        var settle = Stopwatch.StartNew();
        while (!(await gauge.ReadAsync()).IsIdle && settle.Elapsed < Leak.SettleLimit) await Task.Delay(1000);
        var end = await gauge.ReadSettledAsync();
        Console.WriteLine($"{totals}; {product.Logged("Warning").Count()} warnings in the log; {product.DiskBytes() / Reading.Megabyte:F0} MB in the data folder");
        Console.WriteLine(Line(minutes, 0, errors.Count, end.Resident, end) + "   (after the last call)");
        if (!end.IsIdle) errors.Add("end", $"left behind: {end}");
        // The last half hour; of a run that is shorter than an hour its second half.
        var half = Math.Min(30, resident.Count / 2);
        var growth = (RSS: Trend.Growth(resident[^half..]), heap: Trend.Growth(heap[^half..]), descriptors: Trend.Growth(descriptors[^half..]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"last {half} minutes: RSS {growth.RSS * 100:+0.00;-0.00} %, heap {growth.heap * 100:+0.00;-0.00} %, descriptors {growth.descriptors * 100:+0.00;-0.00} % (below {MostGrowth * 100:0} % is wanted); {errors.Count} errors"));
        var passed = errors.Count == 0 && growth is { RSS: < MostGrowth, heap: < MostGrowth, descriptors: < MostGrowth };
        Console.WriteLine(passed ? "ok" : "FAILED");
        return passed ? 0 : 1;
    }

    // One call after the other, each in its own time: a late one does not move those that follow.
    private static async Task SlotAsync(LoadRun run, int slot, Stopwatch clock, TimeSpan due, TimeSpan period, TimeSpan end)
    {
        for (var round = 0; due < end; round++, due += period)
        {
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            await run.CallAsync($"soak-{slot}-{round}", CallPlan.ForSoak(slot), period - TimeSpan.FromSeconds(1));
        }
    }

    // The mean over a minute, sampled each 5 s.
    private static async Task<double> ResidentAsync(Gauge gauge, Stopwatch clock, TimeSpan until)
    {
        var samples = new List<double>();
        while (clock.Elapsed < until)
        {
            samples.Add(gauge.ResidentNow());
            var left = until - clock.Elapsed;
            if (left > TimeSpan.Zero) await Task.Delay(left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5));
        }

        return samples.Count == 0 ? gauge.ResidentNow() : samples.Average();
    }

    private static string Line(int minute, int calls, int errors, long resident, Reading r) => string.Create(
        CultureInfo.InvariantCulture,
        $"{minute,6}  {calls,6}  {errors,6}  {resident / Reading.Megabyte,6:F1}  {r.Heap / Reading.Megabyte,7:F2}  {r.Descriptors,4}  {r.UdpSockets,3}  {r.RtpPorts,9}  {r.Threads,7}  {r.Timers,6}  {r.Viewers,7}  {r.Recordings,10}  {r.Children,6}");
}
