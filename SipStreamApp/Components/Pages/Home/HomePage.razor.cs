using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Pages.Home;

/// <summary>What happens now, what went wrong lately, and the test call in one click.</summary>
public partial class HomePage
{
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);
    private static readonly TimeSpan HistoryAge = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource _gone = new();
    private CallSnapshot? _call;
    private Failure? _refused;
    private PlayerState? _player;
    private RecentCalls? _recent;
    private DateTimeOffset _readAt;
    private int _ended = -1;
    private bool _reading;
    private long? _freeBytes;

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private HistoryReader Reader { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayCall => Rights.May(Scopes.Control);

    private IReadOnlyList<CallSnapshot> LiveCalls { get; set; } = [];

    private IReadOnlyList<(CallSnapshot Call, Verdict Verdict)> Weak { get; set; } = [];

    private int Troubled => Weak.Count;

    /// <summary>Nothing has ever been called: the page teaches. Unknown history (no database) counts as some.</summary>
    private bool IsFirstTime => _call is null && Live.Calls.Count == 0 && _recent is { Last.Count: 0, Causes.Count: 0 };

    private string DemoCurl => CallTwin.Curl(Navigation.BaseUri, DemoCall.Twin(Live.Engine.SipPort is > 0 and var port ? port : Engine.Options.Sip.Port));

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Judge(Live);
        await ReadAsync();
    }

    internal override bool Update(LiveSnapshot live)
    {
        if (_call is not null) _call = live.Calls.LastOrDefault(c => c.Id == _call.Id && c.CreatedAt == _call.CreatedAt) ?? _call;
        Judge(live);

        // A call that has just ended is in the history a moment later.
        var ended = live.Calls.Count(c => c.IsEnded);
        if (ended != _ended || Time.GetUtcNow() - _readAt > HistoryAge) _ = ReadAgainAsync();
        _ended = ended;
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

    private void Judge(LiveSnapshot live)
    {
        var now = Time.GetUtcNow();
        LiveCalls = [.. live.Calls.Where(c => !c.IsEnded).OrderBy(c => c.CreatedAt)];
        Weak = [.. LiveCalls.Select(c => (c, Verdict.Of(c, live.Stream(c.StreamName), now))).Where(v => v.Item2.IsTrouble)];
    }

    private async Task ReadAgainAsync()
    {
        if (_reading || _gone.IsCancellationRequested) return;
        _reading = true;
        try
        {
            await ReadAsync(); // Shown with the next tick.
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return; // The page was closed.
        }
        finally
        {
            _reading = false;
        }
    }

    private async Task ReadAsync()
    {
        _readAt = Time.GetUtcNow();
        _freeBytes = Disk.FreeBytes(Engine.Options.DataDirectory);
        var recent = await Reader.RecentAsync(_readAt - Lately, 8, _gone.Token);
        if (recent.Succeeded) _recent = recent.Value;
    }

    private async Task TryItAsync()
    {
        (_refused, _player) = (null, null);
        var outcome = await Engine.StartDemoAsync();
        if (outcome.Succeeded) _call = outcome.Value;
        else _refused = outcome.Failures[0];
        View.Refresh();
    }

    private Task HangUpDemoAsync() => _call is null ? Task.CompletedTask : HangUpAsync(_call.Id);

    private async Task HangUpAsync(CallId id)
    {
        await Engine.HangUpAsync(id);
        View.Refresh();
    }
}
