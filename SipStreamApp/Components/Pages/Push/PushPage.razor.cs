using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Push;

/// <summary>Running pushes, the form that starts one, and saved targets.</summary>
public partial class PushPage
{
    private IReadOnlyList<PushSnapshot> _pushes = [];
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private Failure? _refused;
    private string _stream = "";
    private string _url = "";
    private bool _isFull;
    private int _target;
    private bool _hasSeenTargets;
    private PushTargets? _saved;

    /// <summary>The stream somebody wants to push, from the page of it.</summary>
    [SupplyParameterFromQuery(Name = "stream")]
    public string? Wanted { get; set; }

    [Inject]
    private BrowserInterop Browser { get; set; } = default!;

    [Inject]
    private PushTargetDoor Store { get; set; } = default!;

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private IEnumerable<string> Names => Live.Streams.Select(s => s.Name.Value);

    private IReadOnlyList<PushTargetView> Targets => _saved?.Targets ?? [];

    private string TargetHint => _target == 0 ? L("Save a target below to need no key the next time") : Targets.FirstOrDefault(t => t.Id == _target)?.Address ?? "";

    private string StreamHint => Live.Streams.Count == 0 ? L("No stream is live") : L("Live: {0}", string.Join(", ", Names.Take(8)));

    private string AddressHint => _isFull ? L("Sent there as it is") : L("The stream will be named {0} there", Engine.Options.Push.NamePrefix + (_stream.Length > 0 ? _stream : "…"));

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _pushes = Engine.Pushes;
        _stream = Wanted ?? "";
    }

    internal override bool Update(LiveSnapshot live)
    {
        _pushes = Engine.Pushes;
        return true;
    }

    private static StatusLook Look(PushSnapshot push) => push.State switch
    {
        PushState.Waiting => new("◌", L("Waiting"), "busy"),
        PushState.Connecting => new("◌", L("Connecting"), "busy"),
        PushState.Publishing => new("●", push.Muted ? L("Live, muted") : L("Live"), "live"),
        PushState.Retrying => new("⚠", L("Retrying"), "warn"),
        PushState.Failed => new("✖", L("Failed"), "error"),
        _ => new("■", L("Ended"), "ended"),
    };

    private string Uptime(PushSnapshot push) =>
        push.IsEnded ? Say.Duration(push.EndedAt!.Value - push.CreatedAt) : push.PublishingSince is { } since ? Say.Duration(Time.GetUtcNow() - since) : "–";

    private string Detail(PushSnapshot push)
    {
        var why = push.Cause is { } cause ? cause.ToString() : push.State == PushState.Waiting ? L("The stream has no media yet") : L("as {0}", push.Name);
        return push.RetryAt is { } at ? L("{0} Attempt {1} in {2} s.", why, push.FailedAttempts + 1, Math.Max(0, (int)Math.Ceiling((at - Time.GetUtcNow()).TotalSeconds))) : why;
    }

    private List<(int Value, string Text)> TargetOptions => [.. Targets.Select(t => (t.Id, t.Name)), (0, L("Another address"))];

    // One that was deleted is chosen no longer; the first one saved is what one came for.
    private void OnTargets()
    {
        if (!_hasSeenTargets && Targets.Count > 0) (_hasSeenTargets, _target) = (true, Targets[0].Id);
        else if (Targets.All(t => t.Id != _target)) _target = 0;
    }

    private async Task ChooseAsync(int id)
    {
        _target = id;
        if (_stream.Length == 0 && Live.Streams.Count == 1) _stream = Names.First();
        await Browser.FocusAsync("[data-field=streamName]");
    }

    private async Task StartAsync()
    {
        _refused = null;
        var errors = new Dictionary<string, string>();
        if (!StreamName.TryParse(_stream.Trim(), out var name)) errors["streamName"] = _stream.Trim().Length == 0 ? L("Which stream?") : L("Letters, digits, dots, underscores and hyphens only");
        if (_target == 0 && _url.Trim().Length == 0) errors["rtmpUrl"] = L("Where to?");
        if (errors.Count == 0) await PushAsync(name, errors);
        _errors = errors;
        View.Refresh();
    }

    private async Task PushAsync(StreamName stream, Dictionary<string, string> errors)
    {
        Outcome<PushRequest> request = _target == 0
            ? new PushRequest(stream, _url.Trim()) { FullUrl = _isFull }
            : await Store.RequestAsync(_target, stream, CancellationToken.None);
        var failures = request.Succeeded ? (await Engine.StartPushAsync(request.Value)).Failures : request.Failures;
        foreach (var failure in failures.Where(f => f.Field is "streamName" || (f.Field is "rtmpUrl" && _target == 0))) errors[failure.Field!] = failure.Title;
        if (failures.Count == 0) _url = "";
        else if (errors.Count == 0) _refused = failures[0];
    }

    private async Task RetryAsync(PushSnapshot push)
    {
        await Engine.RetryPushAsync(push.Id);
        View.Refresh();
    }

    private async Task MuteAsync(PushSnapshot push)
    {
        await Engine.MutePushAsync(push.Id, !push.Muted);
        View.Refresh();
    }

    private async Task StopAsync(string id)
    {
        await Engine.StopPushAsync(id);
        View.Refresh();
    }
}
