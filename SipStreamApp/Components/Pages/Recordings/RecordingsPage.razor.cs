using Microsoft.AspNetCore.Components;
using MudBlazor;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Recordings;

/// <summary>The table of recordings: play, download, stop, delete with undo.</summary>
public partial class RecordingsPage : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DiskEvery = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _gone = new();
    private List<RecordingSnapshot>? _rows;
    private Failure? _failure;
    private string? _playing;
    private string _seen = "";
    private RecordingDisk? _disk;
    private DateTimeOffset _measuredAt;

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private RecordingDoor Store { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayDelete => Rights.May(Scopes.Control);

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = FollowAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    // Once a second the figures of what runs; the database only when a recording has come, gone or changed its state.
    private async Task FollowAsync()
    {
        var stop = _gone.Token;
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await InvokeAsync(RefreshAsync);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task RefreshAsync()
    {
        if (_gone.IsCancellationRequested) return;
        var live = Engine.Recordings;
        if (Time.GetUtcNow() - _measuredAt >= DiskEvery) await MeasureAsync();
        if (Signature(live) != _seen) await LoadAsync();
        else if (live.Count == 0 || _rows is null) return;
        else _rows = [.. _rows.Select(r => live.FirstOrDefault(l => l.Id == r.Id) ?? r)];
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        _seen = Signature(Engine.Recordings);
        var list = await Store.ListAsync(_gone.Token);
        if (list.Succeeded) (_rows, _failure) = (list.Value, null);
        else _failure = list.Failures[0];
        await MeasureAsync();
    }

    // Without the database the list says what is wrong; the bar is not shown then.
    private async Task MeasureAsync()
    {
        _measuredAt = Time.GetUtcNow();
        var disk = await Store.DiskAsync(_gone.Token);
        _disk = disk.Succeeded ? disk.Value : null;
    }

    private static string Signature(IReadOnlyList<RecordingSnapshot> live) => string.Join(' ', live.Select(r => $"{r.Id}{r.State}"));

    private void Toggle(string id) => _playing = _playing == id ? null : id;

    private async Task StopAsync(RecordingSnapshot recording)
    {
        await Engine.StopRecordingAsync(recording.StreamName);
        await LoadAsync();
    }

    private async Task DeleteAsync(RecordingSnapshot recording)
    {
        var deleted = await Store.DeleteAsync(recording.Id, _gone.Token);
        await LoadAsync();
        if (!deleted.Succeeded)
        {
            _failure = deleted.Failures[0];
            return;
        }

        Offer(L("{0} deleted", recording.FileName), [recording.Id]);
    }

    private async Task OfferUndo(IReadOnlyList<string> ids)
    {
        await LoadAsync();
        Offer(L("{0} deleted", Say.Count(ids.Count, "recording")), ids);
    }

    private void Offer(string text, IReadOnlyList<string> ids)
    {
        if (_playing is { } playing && ids.Contains(playing)) _playing = null;
        Snackbar.Add(text, Severity.Normal, options =>
        {
            options.Action = L("Undo");
            options.VisibleStateDuration = 10_000;
            options.OnClick = async _ => await UndoAsync(ids);
        });
    }

    private async Task UndoAsync(IReadOnlyList<string> ids)
    {
        if (_gone.IsCancellationRequested) return;
        var restored = await Store.MarkAsync(ids, deleted: false, _gone.Token);
        await LoadAsync();
        if (!restored.Succeeded) _failure = restored.Failures[0];
        await InvokeAsync(StateHasChanged);
    }
}
