using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Webhook;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Settings;

/// <summary>The webhook: where events go, the last deliveries, a test event, sending again.</summary>
public partial class WebhookPanel
{
    private const int Most = 100;

    private readonly CancellationTokenSource _gone = new();
    private WebhookLog? _log;
    private Failure? _failure;
    private int _version = -1;
    private bool _loading;
    private bool _busy;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private SettingsDoor Hook { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await LoadAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _gone.Cancel();
        _gone.Dispose();
        base.Dispose(disposing);
    }

    // The ticker only looks at a number; the database is asked when something has changed.
    internal override bool Update(LiveSnapshot live)
    {
        if (_version != Hook.HookVersion && !_loading) _ = InvokeAsync(ReloadAsync);
        return _log is { Pending: > 0 };
    }

    private static StatusLook Look(WebhookDelivery delivery) => delivery switch
    {
        { State: WebhookDeliveryState.Delivered } => new("✔", L("Delivered"), "live"),
        { State: WebhookDeliveryState.Failed } => new("✖", L("Given up"), "error"),
        { Attempts: > 0 } => new("⚠", L("Retrying"), "warn"),
        _ => new("◌", L("Waiting"), "busy"),
    };

    private static string Detail(WebhookDelivery delivery) => delivery.LastProblem ?? delivery.ObjectKey;

    private string Next(WebhookDelivery delivery)
    {
        if (delivery.State != WebhookDeliveryState.Pending) return "–";
        var seconds = Math.Ceiling((delivery.NextAttemptAt - Time.GetUtcNow()).TotalSeconds);
        return seconds > 0 ? L("in {0}", Say.Duration(TimeSpan.FromSeconds(seconds))) : L("now");
    }

    private async Task ReloadAsync()
    {
        await LoadAsync();
        if (!_gone.IsCancellationRequested) StateHasChanged();
    }

    private async Task LoadAsync()
    {
        if (_gone.IsCancellationRequested) return;
        _loading = true;
        try
        {
            var version = Hook.HookVersion;
            var log = await Hook.HookLogAsync(Most, _gone.Token);
            if (log.Succeeded) (_log, _failure, _version) = (log.Value, null, version);
            else _failure = log.Failures[0];
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return; // The page was closed; nobody waits for the log.
        }
        finally
        {
            _loading = false;
        }
    }

    private Task SendTestAsync() => DoAsync(() => Hook.SendTestAsync(_gone.Token));

    private Task RedeliverAsync(WebhookDelivery delivery) => DoAsync(() => Hook.RedeliverAsync(delivery.Id, _gone.Token));

    private async Task DoAsync(Func<Task<Failure?>> work)
    {
        _busy = true;
        var failure = await work();
        await LoadAsync();
        (_busy, _failure) = (false, failure ?? _failure);
    }
}
