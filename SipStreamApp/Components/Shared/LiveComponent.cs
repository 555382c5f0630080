using Microsoft.AspNetCore.Components;
using SipStreamApp.Live;

namespace SipStreamApp.Components.Shared;

/// <summary>A component that shows live snapshots: rendered by the ticker, at most twice a second, never by engine events.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private IDisposable? _subscription;
    private int _queued;
    private bool _gone;

    [Inject]
    internal LiveView View { get; set; } = default!;

    /// <summary>What to show; the same for one whole render.</summary>
    internal LiveSnapshot Live { get; private set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Live = View.Current;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && !_gone) _subscription = View.Subscribe(Ticked);
    }

    /// <summary>Called on the page's own thread after each snapshot; false: nothing to show anew.</summary>
    internal virtual bool Update(LiveSnapshot live) => true;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Unsubscribes.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _gone = true;
        _subscription?.Dispose();
    }

    // A browser on a bad line renders slower than the ticker ticks: then one render stands for several ticks.
    private void Ticked()
    {
        if (Interlocked.Exchange(ref _queued, 1) == 1) return;
        _ = InvokeAsync(() =>
        {
            Interlocked.Exchange(ref _queued, 0);
            if (_gone) return;
            Live = View.Current;
            if (Update(Live)) StateHasChanged();
        });
    }
}
