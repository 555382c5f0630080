using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SipStreamApp.Api;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.CallDetail;

/// <summary>Everything about one call, while it lasts and afterwards. Tab and moment stand in the address.</summary>
public partial class CallDetailPage
{
    // A figure a second; states and messages are shown with the next tick.
    private static readonly TimeSpan FiguresEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();
    private CallTraceView? _view;
    private CallTraceReader? _reader;
    private Failure? _failure;
    private List<RecordingSnapshot> _recordings = [];
    private bool _recordingComes;
    private IReadOnlyList<ViewerSnapshot> _viewers = [];
    private string _tab = "timeline";
    private string? _loaded;
    private int? _message;
    private double? _at;
    private DateTimeOffset _renderedAt;
    private DateTimeOffset _askedAt;

    /// <summary>Id of the call; of several with one id the newest is shown.</summary>
    [Parameter]
    public string CallId { get; set; } = "";

    /// <summary>The tab to show.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    /// <summary>The moment to show: "01:07.4", since the call was asked for.</summary>
    [SupplyParameterFromQuery(Name = "t")]
    public string? At { get; set; }

    /// <summary>Number of the SIP message to show.</summary>
    [SupplyParameterFromQuery(Name = "m")]
    public int? Message { get; set; }

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private CallTraces Traces { get; set; } = default!;

    [Inject]
    private RecordingDoor Recordings { get; set; } = default!;

    [Inject]
    private BrowserInterop Browser { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayCall => Rights.May(Scopes.Control);

    private static (string Key, string Name)[] Tabs =>
        [("timeline", L("Timeline")), ("sip", "SIP"), ("media", L("Media")), ("viewers", L("Viewers")), ("log", L("Log")), ("json", "JSON")];

    private string Title => _view is not { Call: var call } ? $"{L("Call")} — SipStreamApp" : $"{(call.IsEnded ? "" : "● ")}{call.Caller} → {call.Callee} — SipStreamApp";

    private string Elapsed => _view is not { Call: var call } ? "" : Say.Duration((call.EndedAt ?? Time.GetUtcNow()) - (call.AnsweredAt ?? call.StartedAt));

    private string DuplicateLink => CauseSteps.Again(_view!.Call);

    private double? Mos => _view?.Trace.Audio is { Count: > 0 } audio ? audio[^1].Mos : null;

    private string Codecs => string.Join(" / ", new[] { _view!.Call.VideoCodec, _view.Call.AudioCodec }.Where(c => c is not null)) is { Length: > 0 } codecs ? codecs : "–";

    private string Json => _view is null ? "" : JsonSerializer.Serialize(TraceObject.From(_view), TraceIndented.Value.TraceObject);

    /// <summary>"01:07.4", "1:00:00" or seconds; null where it is none of these.</summary>
    internal static double? ParseMoment(string? text)
    {
        var seconds = 0.0;
        foreach (var part in (text ?? "").Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return null;
            seconds = seconds * 60 + value;
        }

        return seconds < 1e7 ? seconds : null;
    }

    internal override bool Update(LiveSnapshot live)
    {
        // A recording is finished some seconds after its call, or minutes where it is long.
        if (_view is { Call.IsEnded: true } && (_view.IsLive || _recordingComes) && Time.GetUtcNow() - _askedAt >= FiguresEvery) _ = InvokeAsync(LoadRecordingsAsync);
        if (_view is not { IsLive: true, Call: var before } view) return false;
        if (_reader is null)
        {
            _view = view with { IsLive = false };
            return true;
        }

        var traced = _reader.Now;
        var part = _reader.Read(view.Trace.Next);
        var facts = CallFacts.From(traced);
        var isNews = part.Messages.Count > 0 || part.Marks.Count > 0 || facts.Status != before.Status || facts.Health != before.Health;
        _view = new CallTraceView(facts, GrownTrace.Join(view.Trace, part), !traced.IsSettled);
        if (!isNews && Time.GetUtcNow() - _renderedAt < FiguresEvery) return false;
        if (StreamName.TryParse(facts.StreamName, out var stream)) _viewers = facts.IsEnded ? [] : Engine.ViewersOf(stream);
        _renderedAt = Time.GetUtcNow();
        return true;
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _tab = Tabs.Any(t => t.Key == Tab) ? Tab! : "timeline";
        _at = ParseMoment(At);
        _message = Message ?? _message;
        if (_loaded == CallId) return;
        _loaded = CallId;
        var found = await Traces.FindAsync(CallId, _gone.Token);
        (_view, _failure) = (found.Value, found.Succeeded ? null : found.Failures[0]);

        // A new call of the same id is another call.
        _reader = _view is { IsLive: true, Call.StartedAt: var started } && Media.Primitives.CallId.TryParse(CallId, out var id) && Engine.FindTrace(id) is { } reader && reader.CreatedAt == started ? reader : null;
        await LoadRecordingsAsync();
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

    private async Task LoadRecordingsAsync()
    {
        if (_view is not { Call: { IsEnded: true } call }) return;
        _askedAt = Time.GetUtcNow();
        var all = await Recordings.ListAsync(_gone.Token);
        if (!all.Succeeded) return;
        var ours = all.Value.Where(r => r.CallId?.Value == call.CallId && r.StartedAt >= call.StartedAt && (call.EndedAt is null || r.StartedAt <= call.EndedAt)).OrderBy(r => r.StartedAt).ToList();
        var comes = ours.Exists(r => !r.IsOver);
        List<RecordingSnapshot> ready = [.. ours.Where(r => r.State == RecordingState.Ready)];
        if (comes == _recordingComes && ready.SequenceEqual(_recordings)) return;
        (_recordings, _recordingComes) = (ready, comes);
        StateHasChanged();
    }

    private string Export(string ending) => $"/rest-api/v2/calls/{Uri.EscapeDataString(CallId)}/trace.{ending}";

    private void ShowTab(string tab)
    {
        _tab = tab;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["tab"] = tab == "timeline" ? null : tab, ["m"] = null }), replace: true);
    }

    private async Task TabKeyAsync(KeyboardEventArgs e)
    {
        var step = e.Key switch { "ArrowRight" => 1, "ArrowLeft" => -1, _ => 0 };
        if (step == 0) return;
        var next = Tabs[(Array.FindIndex(Tabs, t => t.Key == _tab) + step + Tabs.Length) % Tabs.Length].Key;
        ShowTab(next);
        await Browser.FocusAsync("#tab-" + next);
    }

    private async Task HangUpAsync()
    {
        if (Media.Primitives.CallId.TryParse(CallId, out var id)) await Engine.HangUpAsync(id);
        View.Refresh();
    }
}
