using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.NewCall;

/// <summary>The form that places a call, follows it from dialling to its end and plays it.</summary>
public partial class NewCallPage
{
    private const string DraftKey = "new-call";
    private readonly CancellationTokenSource _gone = new();
    private readonly HashSet<string> _touched = [];
    private NewCallModel _model = new() { CallId = NewCallModel.FreshId() };
    private IReadOnlyDictionary<string, string> _refusedFields = new Dictionary<string, string>();
    private IReadOnlyList<AccountView> _accounts = [];
    private CallSnapshot? _call;
    private Failure? _refused;
    private TwinKind _twin = TwinKind.Curl;
    private string? _json;
    private string? _jsonError;
    private string _kept = "";
    private string? _hint;
    private bool _isResumed;
    private bool _hasStarted;

    /// <summary>The form without the password: kept by the framework when the server lets the circuit go.</summary>
    [PersistentState]
    public string? Draft { get; set; }

    /// <summary>The call that is followed; kept as <see cref="Draft"/> is.</summary>
    [PersistentState]
    public string? Followed { get; set; }

    /// <summary>The rare fields have been looked at: they are there from then on.</summary>
    [PersistentState]
    public bool HasRare { get; set; }

    /// <summary>A saved account to choose at once.</summary>
    [SupplyParameterFromQuery(Name = "account")]
    public int? Account { get; set; }

    /// <summary>A callee to fill in.</summary>
    [SupplyParameterFromQuery(Name = "callee")]
    public string? Callee { get; set; }

    /// <summary>Id of a call to place once more: everything of it is filled in but the password.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>Transport to use: udp, tcp or tls.</summary>
    [SupplyParameterFromQuery(Name = "sipTransport")]
    public string? Transport { get; set; }

    /// <summary>Ask for picture, too.</summary>
    [SupplyParameterFromQuery(Name = "hasVideo")]
    public bool? HasVideo { get; set; }

    /// <summary>Register before the call.</summary>
    [SupplyParameterFromQuery(Name = "sipRegisterRequired")]
    public bool? RegisterRequired { get; set; }

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private BrowserInterop Browser { get; set; } = default!;

    [Inject]
    private AccountDoor Accounts { get; set; } = default!;

    [Inject]
    private CallTraces Traces { get; set; } = default!;

    private enum TwinKind
    {
        Json,
        Curl,
        CSharp,
        JavaScript,
    }

    private static (SipTransportChoice, string)[] Transports => [.. Enum.GetValues<SipTransportChoice>().Select(t => (t, Say.Transport(t)))];

    private string Twin => _twin switch
    {
        TwinKind.Json => _json ?? CallTwin.Json(WithAccount()),
        TwinKind.CSharp => CallTwin.CSharp(Navigation.BaseUri, WithAccount()),
        TwinKind.JavaScript => CallTwin.JavaScript(Navigation.BaseUri, WithAccount()),
        _ => CallTwin.Curl(Navigation.BaseUri, WithAccount()),
    };

    /// <summary>What is wrong with fields that were left, and after a try to call with all of them.</summary>
    private Dictionary<string, string> Errors
    {
        get
        {
            var errors = _model.Check().Where(e => _touched.Contains(e.Key) || _touched.Contains("")).ToDictionary();
            foreach (var (name, text) in _refusedFields) errors.TryAdd(name, text);
            return errors;
        }
    }

    private IReadOnlyList<(int? Value, string Text)> AccountChoices => [(null, L("Type the credentials")), .. _accounts.Select(a => ((int?)a.Id, a.Name))];

    private string? StreamHint => StreamName.TryParse(_model.ToStream, out var name) && Live.Stream(name) is { } taken && taken.CallId != _call?.Id
        ? L("In use: a call to it will be refused")
        : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var accounts = await Accounts.ListAsync(_gone.Token);
        if (accounts.Succeeded) _accounts = accounts.Value.Accounts;
        if (NewCallModel.FromDraft(Draft) is { } draft) Restore(draft);
        else
        {
            var isAgain = !string.IsNullOrEmpty(From) && await FillFromAsync(From);
            if (!string.IsNullOrEmpty(Callee)) _model.Callee = Callee;
            if (Account is { } id && _accounts.Any(a => a.Id == id)) _model.AccountId = id;
            else if (_accounts.Count > 0 && !isAgain) _model.AccountId = _accounts[0].Id;
        }

        if (Followed is { } followed) _call = Live.Calls.LastOrDefault(c => c.Id.Value == followed);
        _kept = Draft = _model.ToDraft();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !RendererInfo.IsInteractive) return;
        // What was typed in this tab before the page was loaded again; an address that says what to fill in is stronger.
        if (!_isResumed && Callee is null && Account is null && From is null && NewCallModel.FromDraft(await Browser.DraftAsync(DraftKey)) is { } draft)
        {
            Restore(draft);
            StateHasChanged();
        }

        _hasStarted = true;
    }

    internal override bool Update(LiveSnapshot live)
    {
        _ = KeepAsync();
        var (call, hint) = (_call, _hint);
        if (call is not null) _call = live.Calls.LastOrDefault(c => c.Id == call.Id && c.CreatedAt == call.CreatedAt) ?? call;
        _hint = StreamHint;
        // A form that only waits is not rendered again and again.
        return _call is { IsEnded: false } || !ReferenceEquals(_call, call) || _hint != hint;
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

    private void Restore(NewCallModel draft)
    {
        _isResumed = Draft is not null && draft.Callee.Length > 0;
        _model = draft;
        if (_model.AccountId is { } id && _accounts.All(a => a.Id != id)) _model.AccountId = null;
        if (_model.CallId.Length == 0) _model.CallId = NewCallModel.FreshId();
    }

    private async Task<bool> FillFromAsync(string callId)
    {
        var found = await Traces.FindAsync(callId, _gone.Token);
        if (found.Value?.Call.Request is not { } asked) return false;
        _model = new NewCallModel
        {
            CallId = NewCallModel.FreshId(), Callee = asked.Callee, HasAudio = asked.HasAudio, HasVideo = HasVideo ?? asked.HasVideo, VisibleName = asked.VisibleName ?? "",
            SipLogin = asked.Login, SipAuthenticationName = asked.AuthenticationName ?? "", SipDomain = asked.Domain, SipOutboundProxy = asked.OutboundProxy ?? "", SipPort = asked.Port,
            SipTransport = Enum.TryParse<SipTransportChoice>(Transport, ignoreCase: true, out var named) ? named : asked.Transport,
            SipRegisterRequired = RegisterRequired ?? asked.RegisterRequired, AppKey = asked.AppKey == "defaultApp" ? "" : asked.AppKey,
        };

        // A saved account of the same identity has the password; where something was changed, it cannot serve.
        if (Transport is null && RegisterRequired is null)
            _model.AccountId = _accounts.FirstOrDefault(a => a.Login == asked.Login && a.Domain == asked.Domain && a.Port == asked.Port && a.Transport == asked.Transport && (a.OutboundProxy ?? "") == (asked.OutboundProxy ?? ""))?.Id;
        return true;
    }

    private async Task KeepAsync()
    {
        var draft = _model.ToDraft();
        if (!_hasStarted || draft == _kept) return;
        _kept = Draft = draft;
        try
        {
            await Browser.KeepDraftAsync(DraftKey, draft);
        }
        catch (JSDisconnectedException)
        {
            _kept = ""; // The browser is away for now: again with the next tick.
        }
    }

    private async Task ForgetDraftAsync()
    {
        _kept = Draft = _model.ToDraft();
        await Browser.KeepDraftAsync(DraftKey, null);
    }

    private void Touched(string field)
    {
        _touched.Add(field);
        _refusedFields = new Dictionary<string, string>();
    }

    private void TypeJson(string json)
    {
        var secret = _accounts.Any(a => a.Id == _model.AccountId && a.HasPassword) ? _model.AccountId : null;
        var before = WithAccount();
        var read = new NewCallModel { SipPassword = _model.SipPassword };
        _json = json;
        _jsonError = CallTwin.Read(json, read);
        if (_jsonError is not null) return;

        // The same credentials as the chosen account's: it stays chosen, and its password is used.
        var same = new NewCallModel();
        same.CopyFrom(read);
        same.SipPassword = before.SipPassword;
        var isAccounts = _model.AccountId is not null && CredentialsOf(same) == CredentialsOf(before) && (secret is null || json.Contains(CallTwin.Secret, StringComparison.Ordinal));
        var account = _model.AccountId;
        _model.CopyFrom(read);
        if (isAccounts) _model.AccountId = account;
    }

    private void LeaveJson()
    {
        if (_jsonError is null) _json = null;
    }

    private static bool HasRareErrors(Dictionary<string, string> errors) => errors.Keys.Any(k => k is "callId" or "visibleName" or "appKey" or "rtmpUrl" or "rtmpStream");

    private static string CredentialsOf(NewCallModel m) =>
        string.Join('\n', m.SipLogin, m.SipDomain, m.SipAuthenticationName, m.SipOutboundProxy, m.SipPort, m.SipTransport, m.SipRegisterRequired);

    private static string TwinName(TwinKind kind) => kind switch { TwinKind.Json => "JSON", TwinKind.Curl => "cURL", TwinKind.CSharp => "C#", _ => "JavaScript" };

    private async Task CallAsync(SipTransportChoice? transport = null)
    {
        (_refused, _refusedFields) = (null, new Dictionary<string, string>());
        _touched.Add("");
        if (Errors.Count > 0)
        {
            await FocusOnErrorAsync();
            return;
        }

        var identity = _model.TypedIdentity();
        if (_model.AccountId is { } id)
        {
            var saved = await Accounts.IdentityAsync(id, _gone.Token);
            if (!saved.Succeeded)
            {
                _refused = saved.Failures[0];
                return;
            }

            identity = saved.Value;
        }

        var outcome = await Engine.StartCallAsync(_model.ToRequest(transport is { } by ? identity with { Transport = by } : identity));
        if (outcome.Succeeded)
        {
            _call = outcome.Value;
            Followed = _call.Id.Value;
            _model.CallId = NewCallModel.FreshId();
            _touched.Clear();
            await ForgetDraftAsync();
        }
        else
        {
            _refused = outcome.Failures[0];
            _refusedFields = outcome.Failures.Where(f => f.Field is { Length: > 0 }).GroupBy(f => f.Field!).ToDictionary(g => g.Key, g => g.First().Title);
            await FocusOnErrorAsync();
        }

        View.Refresh();
    }

    private async Task FocusOnErrorAsync()
    {
        string[] order = ["callee", "toStream", "hasAudio", "sipLogin", "sipDomain", "sipPassword", "sipPort", "callId"];
        if (order.FirstOrDefault(Errors.ContainsKey) is { } first) await Browser.FocusAsync($"[data-field={first}]");
    }

    private async Task SaveAccountAsync()
    {
        var saved = await Accounts.SaveAsync(
            new AccountDraft
            {
                Login = _model.SipLogin, Domain = _model.SipDomain, Password = _model.SipPassword, AuthenticationName = _model.SipAuthenticationName, OutboundProxy = _model.SipOutboundProxy,
                Port = _model.SipPort, Transport = _model.SipTransport, RegisterRequired = _model.SipRegisterRequired,
            },
            _gone.Token);
        if (!saved.Succeeded)
        {
            _refused = saved.Failures[0];
            return;
        }

        var accounts = await Accounts.ListAsync(_gone.Token);
        if (accounts.Succeeded) _accounts = accounts.Value.Accounts;
        ChooseAccount(saved.Value.Id);
        _model.SipPassword = "";
    }

    private async Task HangUpAsync()
    {
        if (_call is not null) await Engine.HangUpAsync(_call.Id);
        View.Refresh();
    }

    private void ChooseAccount(int? id)
    {
        _model.AccountId = id;
        _touched.Clear();
    }

    private void UseDemo()
    {
        var port = Live.Engine.SipPort > 0 ? Live.Engine.SipPort : Engine.Options.Sip.Port;
        Clear();
        _model = new NewCallModel { CallId = NewCallModel.FreshId(), Callee = "demo", ToStream = "", SipLogin = "demo-caller", SipDomain = "127.0.0.1", SipPort = port };
    }

    private Task Reset()
    {
        Clear();
        _model = new NewCallModel { CallId = NewCallModel.FreshId(), AccountId = _accounts.Count > 0 ? _accounts[0].Id : null };
        return ForgetDraftAsync();
    }

    private void Clear()
    {
        _touched.Clear();
        (_refused, _refusedFields, _json, _jsonError) = (null, new Dictionary<string, string>(), null, null);
    }

    /// <summary>The form with the saved account's open fields in place, for the REST twin.</summary>
    private NewCallModel WithAccount()
    {
        if (_accounts.FirstOrDefault(a => a.Id == _model.AccountId) is not { } account) return _model;
        return new NewCallModel
        {
            Callee = _model.Callee, ToStream = _model.ToStream, CallId = _model.CallId, HasAudio = _model.HasAudio, HasVideo = _model.HasVideo, VisibleName = _model.VisibleName,
            AppKey = _model.AppKey, RtmpUrl = _model.RtmpUrl, RtmpStream = _model.RtmpStream, SipLogin = account.Login, SipDomain = account.Domain,
            SipAuthenticationName = account.AuthenticationName ?? "", SipPassword = account.HasPassword ? "saved" : "", SipOutboundProxy = account.OutboundProxy ?? "",
            SipPort = account.Port, SipTransport = account.Transport, SipRegisterRequired = account.RegisterRequired,
        };
    }
}
