using Microsoft.AspNetCore.Components;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Components.Pages.NewCall;

/// <summary>The form that places a call, follows it from dialling to its end and plays it.</summary>
public partial class NewCallPage
{
    private readonly CancellationTokenSource _gone = new();
    private NewCallModel _model = new() { CallId = NewCallModel.FreshId() };
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private IReadOnlyList<AccountView> _accounts = [];
    private CallSnapshot? _call;
    private Failure? _refused;

    /// <summary>A saved account to choose at once.</summary>
    [SupplyParameterFromQuery(Name = "account")]
    public int? Account { get; set; }

    /// <summary>A callee to fill in.</summary>
    [SupplyParameterFromQuery(Name = "callee")]
    public string? Callee { get; set; }

    [Inject]
    private MediaEngine Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IServiceProvider Provider { get; set; } = default!;

    private string Curl => CurlCommand.Startup(Navigation.BaseUri, WithAccount());

    private string? StreamHint => StreamName.TryParse(_model.ToStream, out var name) && Live.Stream(name) is { } taken && taken.CallId != _call?.Id
        ? "In use: a call to it will be refused"
        : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        if (!string.IsNullOrEmpty(Callee)) _model.Callee = Callee;
        var accounts = await Provider.GetRequiredService<AccountStore>().ListAsync(_gone.Token);
        if (accounts.Succeeded) _accounts = accounts.Value.Accounts;
        if (Account is { } id && _accounts.Any(a => a.Id == id)) _model.AccountId = id;
        else if (_accounts.Count > 0) _model.AccountId = _accounts[0].Id;
    }

    internal override bool Update(LiveSnapshot live)
    {
        if (_call is not null) _call = live.Calls.LastOrDefault(c => c.Id == _call.Id && c.CreatedAt == _call.CreatedAt) ?? _call;
        return true;
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

    private async Task CallAsync()
    {
        _refused = null;
        _errors = _model.Check();
        if (_errors.Count > 0) return;
        var identity = _model.TypedIdentity();
        if (_model.AccountId is { } id)
        {
            var saved = await Provider.GetRequiredService<AccountStore>().IdentityAsync(id, _gone.Token);
            if (!saved.Succeeded)
            {
                _refused = saved.Failures[0];
                return;
            }

            identity = saved.Value;
        }

        var outcome = Engine.StartCall(_model.ToRequest(identity));
        if (outcome.Succeeded)
        {
            _call = outcome.Value;
            _model.CallId = NewCallModel.FreshId();
        }
        else
        {
            _refused = outcome.Failures[0];
            _errors = outcome.Failures.Where(f => f.Field is { Length: > 0 }).GroupBy(f => f.Field!).ToDictionary(g => g.Key, g => g.First().Title);
        }

        View.Refresh();
    }

    private async Task HangUpAsync()
    {
        if (_call is not null) await Engine.HangUpAsync(_call.Id);
        View.Refresh();
    }

    private void ChooseAccount(int? id)
    {
        _model.AccountId = id;
        _errors = new Dictionary<string, string>();
    }

    private string AccountText(int? id) => id is null ? "Type the credentials" : _accounts.FirstOrDefault(a => a.Id == id)?.Name ?? "";

    private void UseDemo()
    {
        var port = Live.Engine.SipPort > 0 ? Live.Engine.SipPort : Engine.Options.Sip.Port;
        _errors = new Dictionary<string, string>();
        _model = new NewCallModel { CallId = NewCallModel.FreshId(), Callee = "demo", ToStream = "", SipLogin = "demo-caller", SipDomain = "127.0.0.1", SipPort = port };
    }

    private void Reset()
    {
        (_errors, _refused) = (new Dictionary<string, string>(), null);
        _model = new NewCallModel { CallId = NewCallModel.FreshId(), AccountId = _accounts.Count > 0 ? _accounts[0].Id : null };
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
