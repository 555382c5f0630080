using Microsoft.AspNetCore.Components;
using MudBlazor;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Push;

/// <summary>Saved push targets: add, edit, try, delete with undo.</summary>
public partial class PushTargets : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<PushTargetView>? _targets;
    private Dictionary<string, string> _errors = [];
    private PushTargetDraft? _draft;
    private string _editing = "";
    private bool _hasKey;
    private Failure? _failure;
    private Failure? _refused;
    private int? _testing;
    private int? _tested;

    /// <summary>Told the id of the target somebody wants to push to.</summary>
    [Parameter]
    public EventCallback<int> Chosen { get; set; }

    /// <summary>Told whenever the list has changed, also when it was read first.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private BrowserInterop Browser { get; set; } = default!;

    [Inject]
    private PushTargetDoor Store { get; set; } = default!;

    /// <summary>The saved targets, as they were read last.</summary>
    internal IReadOnlyList<PushTargetView> Targets => _targets ?? [];

    private PushPreset Preset => PushPreset.Of(_draft?.Address ?? "");

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task LoadAsync()
    {
        var list = await Store.ListAsync(_gone.Token);
        if (list.Succeeded) (_targets, _failure) = (list.Value.Targets, null);
        else _failure = list.Failures[0];
        await Changed.InvokeAsync();
    }

    private Task Add() => OpenAsync(new PushTargetDraft(), "", false);

    private Task Edit(PushTargetView target) => OpenAsync(PushTargetDraft.From(target), target.Name, target.HasKey);

    private async Task OpenAsync(PushTargetDraft draft, string name, bool hasKey)
    {
        (_draft, _editing, _hasKey) = (draft, name, hasKey);
        _errors = [];
        StateHasChanged();
        await Task.Yield();
        await Browser.FocusAsync("[data-field=Name]");
    }

    private void Use(PushPreset preset)
    {
        if (_draft is null) return;
        if (_draft.Name.Length == 0 || PushPreset.All.Any(p => p.Name == _draft.Name)) _draft.Name = preset == PushPreset.All[0] ? "" : preset.Name;
        _draft.Address = preset.Address;
    }

    private async Task SaveAsync()
    {
        if (_draft is null) return;
        if (string.IsNullOrEmpty(_draft.Key)) _draft.Key = null;
        var saved = await Store.SaveAsync(_draft, _gone.Token);
        _errors = saved.Failures.Where(f => f.Field is not null).ToDictionary(f => f.Field!, f => f.Title);
        if (!saved.Succeeded)
        {
            if (_errors.Count == 0) _failure = saved.Failures[0];
            return;
        }

        (_draft, _tested) = (null, null);
        await LoadAsync();
    }

    private async Task DeleteAsync(PushTargetView target)
    {
        var deleted = await Store.DeleteAsync(target.Id, _gone.Token);
        await LoadAsync();
        if (!deleted.Succeeded)
        {
            _failure = deleted.Failures[0];
            return;
        }

        if (_draft?.Id == target.Id) _draft = null;
        Snackbar.Add(L("{0} deleted", target.Name), Severity.Normal, options =>
        {
            options.Action = L("Undo");
            options.VisibleStateDuration = 10_000;
            options.OnClick = async _ => await UndoAsync(target.Id);
        });
    }

    private async Task UndoAsync(int id)
    {
        if (_gone.IsCancellationRequested) return;
        var restored = await Store.RestoreAsync(id, _gone.Token);
        await LoadAsync();
        if (!restored.Succeeded) _failure = restored.Failures[0];
        await InvokeAsync(StateHasChanged);
    }

    private async Task TestAsync(PushTargetView target)
    {
        (_testing, _tested, _refused) = (target.Id, null, null);
        try
        {
            _refused = await Engine.TestPushAsync(target.Address, _gone.Token);
            _tested = target.Id;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return; // The page was closed; nobody waits for the outcome.
        }
        finally
        {
            _testing = null;
        }
    }
}
