using Microsoft.AspNetCore.Components;
using MudBlazor;
using SipStreamApp.Components.Doors;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Layout;

/// <summary>Ctrl+K: pages, calls, streams, accounts and actions by name. Looks only while it is open.</summary>
public partial class CommandPalette : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<PaletteItem> _all = [];
    private IReadOnlyList<PaletteItem> _found = [];
    private string _text = "";

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private AccountDoor Accounts { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    [Inject]
    private LiveView View { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => _found = PaletteItem.Of(NavPages.For(Rights));

    private async Task OpenAsync()
    {
        _text = "";
        _all = PaletteItem.Of(View.Current, NavPages.For(Rights), Rights.May(Scopes.Control));
        Find();
        StateHasChanged();
        if (!Rights.May(Scopes.Control)) return;
        var accounts = await Accounts.ListAsync(_gone.Token);
        if (accounts.Succeeded) _all = [.. _all, .. PaletteItem.Of(accounts.Value.Accounts)];
        Find();
    }

    private void Find() => _found = PaletteItem.Find(_all, _text);

    private async Task ActAsync(PaletteItem item)
    {
        switch (item.Act)
        {
            case PaletteAct.TryIt:
                var outcome = await Engine.StartDemoAsync();
                if (outcome.Succeeded) Navigation.NavigateTo($"/player?stream={outcome.Value.StreamName}");
                else Snackbar.Add(outcome.Failures[0].Title, Severity.Error);
                break;
            case PaletteAct.HangUp when CallId.TryParse(item.Argument, out var id):
                if (await Engine.HangUpAsync(id) is { } refused) Snackbar.Add(refused.Title, Severity.Normal);
                break;
        }
    }
}
