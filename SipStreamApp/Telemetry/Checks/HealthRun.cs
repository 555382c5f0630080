using System.Collections.Concurrent;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>One check of a run.</summary>
/// <param name="Id">Stable word.</param>
/// <param name="Title">What was looked at.</param>
/// <param name="Result">What was found.</param>
/// <param name="Took">How long it took.</param>
internal sealed record CheckOutcome(string Id, string Title, CheckResult Result, TimeSpan Took);

/// <summary>All checks, once, beside each other. Outcomes are there as they come.</summary>
internal sealed class HealthRun(IReadOnlyList<IServerCheck> checks, DateTimeOffset startedAt)
{
    private readonly ConcurrentDictionary<string, CheckOutcome> _outcomes = new();

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Ends when every check has an outcome; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public bool IsOver => Completion.IsCompleted;

    /// <summary>Every check in its order, with what came out so far; null: it still runs.</summary>
    public IReadOnlyList<(IServerCheck Check, CheckOutcome? Outcome)> All => [.. checks.Select(c => (c, _outcomes.GetValueOrDefault(c.Id)))];

    /// <summary>The outcomes so far, in the order of the checks.</summary>
    public IReadOnlyList<CheckOutcome> Outcomes => [.. All.Select(a => a.Outcome).OfType<CheckOutcome>()];

    /// <summary>The worst so far.</summary>
    public CheckVerdict Worst => Outcomes.Select(o => o.Result.Verdict).DefaultIfEmpty(CheckVerdict.Good).Max();

    public HealthRun Start(TimeProvider time, CancellationToken cancel)
    {
        Completion = Task.WhenAll(checks.Select(async check => _outcomes[check.Id] = await RunAsync(check, time, cancel)));
        return this;
    }

    /// <summary>Runs one check within its limit. Whatever it does, an outcome comes.</summary>
    public static async Task<CheckOutcome> RunAsync(IServerCheck check, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(check.Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        CheckResult result;
        try
        {
            // A check that does not listen is left behind: the page and the others do not wait for it.
            result = await Task.Run(() => check.RunAsync(both.Token), CancellationToken.None).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            result = cancel.IsCancellationRequested
                ? CheckResult.Note("not finished", "The program is ending.")
                : CheckResult.Failed($"more than {check.Limit.TotalSeconds:0} s", "It did not end in time.", "Look at the load of the machine, then check again.");
        }
        catch (Exception e)
        {
            result = CheckResult.Failed("–", $"The check itself failed: {e.GetType().Name}: {e.Message}", "Tell us, with this report.");
        }

        return new CheckOutcome(check.Id, check.Title, result, time.GetElapsedTime(start));
    }
}
