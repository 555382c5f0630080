using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;
using SipStreamApp.Answering;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Accounts;

/// <summary>Saved SIP accounts: create, edit, delete with undo, test; and where those stand that answer calls.</summary>
public partial class AccountsPage
{
    private const long LargestFile = 1024 * 1024;
    private static (SipTransportChoice, string)[] Transports => [.. Enum.GetValues<SipTransportChoice>().Select(t => (t, Say.Transport(t)))];
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<AccountView>? _accounts;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private AccountDraft? _draft;
    private string _editing = "";
    private string? _imported;
    private bool _hasPassword;
    private Failure? _failure;
    private int? _testing;
    private int? _tested;
    private RegistrationCheck? _check;
    private ImmutableDictionary<int, AccountStand> _stands = ImmutableDictionary<int, AccountStand>.Empty;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private BrowserInterop Browser { get; set; } = default!;

    [Inject]
    private AccountDoor Store { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _stands = Store.Stands;
        return LoadAsync();
    }

    /// <inheritdoc/>
    internal override bool Update(LiveSnapshot live)
    {
        var stands = Store.Stands;
        if (ReferenceEquals(stands, _stands)) return false;
        _stands = stands;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task ExportAsync() => await Browser.DownloadAsync("sip-accounts.json", "application/json", AccountFile.Write(_accounts ?? []));

    private async Task ImportAsync(InputFileChangeEventArgs chosen)
    {
        (_imported, _failure) = (null, null);
        string text;
        try
        {
            using var reader = new StreamReader(chosen.File.OpenReadStream(LargestFile, _gone.Token));
            text = await reader.ReadToEndAsync(_gone.Token);
        }
        catch (IOException)
        {
            _failure = new Failure("bad-account-file", Blame.Caller, L("The file cannot be read"), L("It may hold up to 1 MB of text."));
            return;
        }

        var read = AccountFile.Read(text);
        if (!read.Succeeded)
        {
            _failure = read.Failures[0];
            return;
        }

        var known = (_accounts ?? []).Select(a => (a.Login, a.Domain)).ToHashSet();
        var added = 0;
        foreach (var draft in read.Value.Where(d => known.Add((d.Login, d.Domain))))
        {
            var saved = await Store.SaveAsync(draft, _gone.Token);
            if (!saved.Succeeded)
            {
                _failure = saved.Failures[0];
                break;
            }

            added++;
        }

        await LoadAsync();
        var there = read.Value.Count - added;
        _imported = there > 0 ? L("{0} added, {1} left as they are", Say.Count(added, "account"), there) : L("{0} added", Say.Count(added, "account"));
    }

    private static string Server(AccountView account)
    {
        var host = account.OutboundProxy ?? account.Domain;
        var port = account.Port is { } p ? $":{p.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "";
        return host + port + (account.Transport is SipTransportChoice.Auto ? "" : " " + Say.Transport(account.Transport));
    }

    private async Task LoadAsync()
    {
        var list = await Store.ListAsync(_gone.Token);
        if (list.Succeeded) (_accounts, _failure) = (list.Value.Accounts, null);
        else _failure = list.Failures[0];
    }

    private Task Add() => OpenAsync(new AccountDraft(), "", false);

    private Task Edit(AccountView account) => OpenAsync(AccountDraft.From(account), account.Name, account.HasPassword);

    private async Task OpenAsync(AccountDraft draft, string name, bool hasPassword)
    {
        (_draft, _editing, _hasPassword) = (draft, name, hasPassword);
        _errors = new Dictionary<string, string>();
        StateHasChanged();
        await Task.Yield();
        await Browser.FocusAsync("[data-field=Name]");
    }

    private void Cancel() => _draft = null;

    private async Task SaveAsync()
    {
        if (_draft is null) return;
        _errors = _draft.Check();
        if (_errors.Count > 0) return;
        if (string.IsNullOrEmpty(_draft.Password)) _draft.Password = null;
        var saved = await Store.SaveAsync(_draft, _gone.Token);
        if (!saved.Succeeded)
        {
            _failure = saved.Failures[0];
            return;
        }

        (_draft, _failure) = (null, null);
        await LoadAsync();
    }

    private async Task DeleteAsync(AccountView account)
    {
        var deleted = await Store.DeleteAsync(account.Id, _gone.Token);
        if (!deleted.Succeeded) _failure = deleted.Failures[0];
        await LoadAsync();
        if (!deleted.Succeeded) return;
        if (_draft?.Id == account.Id) _draft = null;
        Snackbar.Add(L("{0} deleted", account.Name), Severity.Normal, options =>
        {
            options.Action = L("Undo");
            options.VisibleStateDuration = 10_000;
            options.OnClick = async _ => await UndoAsync(account.Id);
        });
    }

    private async Task UndoAsync(int id)
    {
        if (_gone.IsCancellationRequested) return;
        var restored = await Store.RestoreAsync(id, _gone.Token);
        if (!restored.Succeeded) _failure = restored.Failures[0];
        await LoadAsync();
        await InvokeAsync(StateHasChanged);
    }

    private async Task TestAsync(AccountView account)
    {
        (_testing, _tested, _check) = (account.Id, null, null);
        try
        {
            var check = await Store.TestAsync(account.Id, _gone.Token);
            if (!check.Succeeded) _failure = check.Failures[0];
            else (_check, _tested) = (check.Value, account.Id);
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
