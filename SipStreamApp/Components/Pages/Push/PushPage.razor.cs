using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Components.Pages.Push;

/// <summary>Running pushes, and the form that starts one.</summary>
public partial class PushPage
{
    private IReadOnlyList<PushSnapshot> _pushes = [];
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private Failure? _refused;
    private string _stream = "";
    private string _url = "";
    private bool _isFull;

    [Inject]
    private MediaEngine Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private IEnumerable<string> Names => Live.Streams.Select(s => s.Name.Value);

    private string StreamHint => Live.Streams.Count == 0 ? "No stream is live" : "Live: " + string.Join(", ", Names.Take(8));

    private string AddressHint => _isFull ? "Sent there as it is" : $"The stream will be named {Engine.Options.Push.NamePrefix}{(_stream.Length > 0 ? _stream : "…")} there";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _pushes = Engine.Pushes;
    }

    internal override bool Update(LiveSnapshot live)
    {
        _pushes = Engine.Pushes;
        return true;
    }

    private static StatusLook Look(PushSnapshot push) => push.State switch
    {
        PushState.Waiting => new("◌", "Waiting", "busy"),
        PushState.Connecting => new("◌", "Connecting", "busy"),
        PushState.Publishing => new("●", push.Muted ? "Live, muted" : "Live", "live"),
        PushState.Retrying => new("⚠", "Retrying", "warn"),
        PushState.Failed => new("✖", "Failed", "error"),
        _ => new("■", "Ended", "ended"),
    };

    private string Uptime(PushSnapshot push) =>
        push.IsEnded ? Say.Duration(push.EndedAt!.Value - push.CreatedAt) : push.PublishingSince is { } since ? Say.Duration(Time.GetUtcNow() - since) : "–";

    private string Detail(PushSnapshot push)
    {
        var why = push.Cause is { } cause ? cause.ToString() : push.State == PushState.Waiting ? "The stream has no media yet" : $"as {push.Name}";
        return push.RetryAt is { } at ? $"{why} Attempt {push.FailedAttempts + 1} in {Math.Max(0, (int)Math.Ceiling((at - Time.GetUtcNow()).TotalSeconds))} s." : why;
    }

    private void Start()
    {
        _refused = null;
        var errors = new Dictionary<string, string>();
        if (!StreamName.TryParse(_stream.Trim(), out var name)) errors["streamName"] = _stream.Trim().Length == 0 ? "Which stream?" : "Letters, digits, dots, underscores and hyphens only";
        if (_url.Trim().Length == 0) errors["rtmpUrl"] = "Where to?";
        if (errors.Count == 0 && Engine.StartPush(new PushRequest(name, _url.Trim()) { FullUrl = _isFull }) is { Succeeded: false } outcome)
        {
            foreach (var failure in outcome.Failures.Where(f => f.Field is "streamName" or "rtmpUrl")) errors[failure.Field!] = failure.Title;
            if (errors.Count == 0) _refused = outcome.Failures[0];
        }
        else if (errors.Count == 0)
        {
            _url = "";
        }

        _errors = errors;
        View.Refresh();
    }

    private void Mute(PushSnapshot push)
    {
        Engine.MutePush(push.Id, !push.Muted);
        View.Refresh();
    }

    private async Task StopAsync(string id)
    {
        await Engine.StopPushAsync(id);
        View.Refresh();
    }
}
