using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Components.Pages.Home;

/// <summary>The start page: one click places the demo call and plays it.</summary>
public partial class HomePage
{
    private CallSnapshot? _call;
    private Failure? _refused;
    private PlayerState? _player;

    [Inject]
    private MediaEngine Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private int LiveCalls => Live.Calls.Count(c => !c.IsEnded);

    private string DemoCurl => CurlCommand.Startup(Navigation.BaseUri, new NewCallModel
    {
        CallId = "demo-1", ToStream = "demo-1", Callee = "demo", SipLogin = "demo-caller", SipDomain = "127.0.0.1", SipPort = Live.Engine.SipPort is > 0 and var port ? port : Engine.Options.Sip.Port,
    });

    internal override bool Update(LiveSnapshot live)
    {
        if (_call is not null) _call = live.Calls.LastOrDefault(c => c.Id == _call.Id && c.CreatedAt == _call.CreatedAt) ?? _call;
        return true;
    }

    private void TryIt()
    {
        (_refused, _player) = (null, null);
        var outcome = Engine.StartCall(DemoCall.Request(Engine));
        if (outcome.Succeeded) _call = outcome.Value;
        else _refused = outcome.Failures[0];
        View.Refresh();
    }

    private async Task HangUpAsync()
    {
        if (_call is not null) await Engine.HangUpAsync(_call.Id);
        View.Refresh();
    }
}
