using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Telemetry.Checks;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Health;

/// <summary>Every check with its verdict, figure, cause and what to do; the run goes on when the page is left.</summary>
public partial class HealthPage
{
    private readonly CancellationTokenSource _gone = new();
    private HealthRun? _run;
    private HealthRun? _reported;
    private string? _report;
    private int _seen = -1;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private HealthDoor Runner { get; set; } = default!;

    private StatusLook Overall => _run is not { IsOver: true } ? new("◌", L("Checking, {0} of {1} done", _run?.Outcomes.Count, Runner.Checks.Count), "busy") : _run.Worst switch
    {
        CheckVerdict.Failed => new("✖", L("Something does not work"), "error"),
        CheckVerdict.Warning => new("⚠", L("Works, with something to look at"), "warn"),
        _ => new("✔", L("All is well"), "live"),
    };

    private string Counts
    {
        get
        {
            if (_run is not { IsOver: true } run) return "";
            var counts = run.Outcomes.CountBy(o => o.Result.Verdict).OrderByDescending(c => c.Key).Select(c => c.Key switch
            {
                CheckVerdict.Note => Say.Count(c.Value, "note"),
                CheckVerdict.Warning => Say.Count(c.Value, "warning"),
                CheckVerdict.Good => L("{0} good", c.Value),
                _ => L("{0} failed", c.Value),
            });
            return L("{0}; checked {1}", string.Join(", ", counts), Say.Ago(run.StartedAt, Time.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _run = Runner.Last;
        await ReportAsync();
    }

    // Outcomes come within a second or some: the page's own ticker is soon enough.
    internal override bool Update(LiveSnapshot live)
    {
        _run = Runner.Last;
        if (_run is { IsOver: true } && _reported != _run) _ = InvokeAsync(ReportAndShowAsync);
        var seen = _run is null ? -1 : _run.Outcomes.Count + (_run.IsOver ? 1000 : 0);
        if (seen == _seen) return false;
        _seen = seen;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }

        base.Dispose(disposing);
    }

    private static StatusLook Look(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Good => new("✔", L("Good"), "live"),
        CheckVerdict.Note => new("■", L("Note"), "ended"),
        CheckVerdict.Warning => new("⚠", L("Warning"), "warn"),
        _ => new("✖", L("Failed"), "error"),
    };

    private async Task RunAsync()
    {
        _report = null;
        _run = (await Runner.StartAsync()).Value ?? _run;
    }

    private async Task ReportAndShowAsync()
    {
        await ReportAsync();
        if (!_gone.IsCancellationRequested) StateHasChanged();
    }

    private async Task ReportAsync()
    {
        if (_run is not { IsOver: true } run || _reported == run) return;
        _reported = run;
        _report = (await Runner.ReportAsync(run, _gone.Token)).Value;
    }
}
