using System.Diagnostics;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>
/// dotnet run -c Release --project SipStreamApp.Benchmarks -- leak [--calls 2000] [--warm 400] [--together 50] [--rest 11] [--leave 0]
/// Many short calls; then the product must hold what it held before them. --rest: seconds between the last call and the measure; --leave: so many
/// calls are not hung up, to see that the judgement can fail.
/// </summary>
internal static class Leak
{
    /// <summary>How long it may take until nothing is going on: the end of an HLS stream stays for 15 s, recordings are finished one by one.</summary>
    public static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    public static async Task<int> RunAsync(string[] args)
    {
        var calls = Options.Number(args, "--calls", 2000);
        var warm = Options.Number(args, "--warm", 400);
        var together = Options.Number(args, "--together", 50);
        // Ended calls can be asked for during 10 s more. Without that rest both measures hold as many of them, if both rounds are short and alike.
        var rest = TimeSpan.FromSeconds(Options.Number(args, "--rest", 11));
        var leave = Options.Number(args, "--leave", 0);

        Children.EndWithThis();
        var errors = new Errors();
        await using var product = await Product.StartAsync();
        await using var callees = await Callees.StartAsync();
        using var gauge = new Gauge(product);
        var watch = Stopwatch.StartNew();
        // What is made once (compiled code, pools, connections to the database) is made by calls of the same kinds.
        Console.WriteLine($"warm-up: {await RoundAsync(product, callees, errors, "warm", warm, together)}");
        var start = await SettledAsync(gauge, rest);
        Console.WriteLine($"measured: {await RoundAsync(product, callees, errors, "leak", calls, together)}");
        using (var client = new Rest(product.Url))
            for (var i = 0; i < leave; i++) await client.PostAsync("/call/startup", callees.Body($"left-{i}", Callee.Sound));
        var end = await SettledAsync(gauge, rest);
        errors.TakeLog(product);
        Console.WriteLine($"{watch.Elapsed.TotalSeconds:F0} s, {product.Logged("Warning").Count()} warnings in the log");
        if (!start.IsIdle) errors.Add("start", $"not idle: {start}");
        var passed = LeakTable.Judge(start, end, Console.WriteLine) & errors.Count == 0;
        Console.WriteLine(passed ? "ok" : $"FAILED ({errors.Count} errors)");
        return passed ? 0 : 1;
    }

    private static async Task<string> RoundAsync(Product product, Callees callees, Errors errors, string name, int calls, int together)
    {
        // A client of its own for each round: its connections end with it.
        using var rest = new Rest(product.Url);
        using var run = new LoadRun(product, callees, errors, rest);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = together }, async (i, _) => await run.CallAsync($"{name}-{i}", CallPlan.ForLeak(i), Short));
        await run.RecordingsDoneAsync();
        return run.Totals;
    }

    private static async Task<Reading> SettledAsync(Gauge gauge, TimeSpan rest)
    {
        var watch = Stopwatch.StartNew();
        while (!(await gauge.ReadAsync()).IsIdle && watch.Elapsed < SettleLimit) await Task.Delay(300);
        await Task.Delay(rest);
        return await gauge.ReadSettledAsync();
    }
}
