using Microsoft.AspNetCore.Components;
using MudBlazor;
using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Layout;

/// <summary>Ctrl+K: pages, calls, streams, accounts and actions by name. Looks only while it is open.</summary>
public partial class CommandPalette : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<PaletteItem> _all = [];
    private IReadOnlyList<PaletteItem> _found = PaletteItem.Of(NavPages.All);
    private string _text = "";

    [Inject]
    private MediaEngine Engine { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IServiceProvider Provider { get; set; } = default!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task OpenAsync()
    {
        _text = "";
        var live = Provider.GetRequiredService<LiveView>().Current;
        _all = PaletteItem.Of(live);
        Find();
        StateHasChanged();
        var accounts = await Provider.GetRequiredService<AccountStore>().ListAsync(_gone.Token);
        if (accounts.Succeeded) _all = [.. _all, .. PaletteItem.Of(accounts.Value.Accounts)];
        Find();
    }

    private void Find() => _found = PaletteItem.Find(_all, _text);

    private async Task ActAsync(PaletteItem item)
    {
        switch (item.Act)
        {
            case PaletteAct.TryIt:
                var outcome = Engine.StartCall(DemoCall.Request(Engine) with { Owner = Caller.Acting?.Owner });
                if (outcome.Succeeded) Navigation.NavigateTo($"/player?stream={outcome.Value.StreamName}");
                else Snackbar.Add(outcome.Failures[0].Title, Severity.Error);
                break;
            case PaletteAct.HangUp when CallId.TryParse(item.Argument, out var id):
                if (!await Engine.HangUpAsync(id)) Snackbar.Add(L("This call has ended already"), Severity.Normal);
                break;
        }
    }
}
