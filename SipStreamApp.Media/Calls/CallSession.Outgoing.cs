using System.Text;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>A call we place: resolve, register, invite.</content>
internal sealed partial class CallSession
{
    /// <summary>Begins; on the sip loop.</summary>
    public void Start()
    {
        LogStarted(Id, _request.Callee, _publisher.Stream.Name);
        Set(CallStatus.Pending);
        if (!SipAddresses.TryFrom(_request.Identity, out _addresses, out var wrong))
        {
            End(wrong);
            return;
        }

        if (!_addresses.TryCallee(_request.Callee, out _callee))
        {
            End(CallCauses.BadAddress(_request.Callee));
            return;
        }

        _steps.Begin("resolve", Now);
        _ = ResolveAsync(_addresses.NextHop(_callee));
    }

    private async Task ResolveAsync(SipNextHop hop)
    {
        var route = await _services.Sip.FindAsync(hop, CancellationToken.None);
        _services.Sip.Loop.Post(() => OnResolved(route));
    }

    private void OnResolved(SipRoute route)
    {
        if (_facts.IsEnded) return;
        _targets = route.Targets;
        if (route.Problem is { } problem)
        {
            End(problem);
            return;
        }

        if (!_request.Identity.RegisterRequired)
        {
            Invite();
            return;
        }

        _steps.Begin("register", Now);
        _registration = _services.Registrations.Acquire(_request.Identity, _addresses!, _targets, Now, OnRegistered, trace: _trace);
    }

    private void OnRegistered(CallEnd? failure, Instant now)
    {
        if (_facts.IsEnded) return;
        if (failure is null) Invite();
        else End(CallCauses.RegistrationFailed(failure));
    }

    private void Invite()
    {
        _steps.Begin("invite", Now);
        if (!MakeMedia(_targets[0].Address, _request.HasAudio, _request.HasVideo, _services.Options.AudioCodecs, _services.Options.VideoCodecs)) return;
        _call = _services.Sip.Agent.StartCall(
            new SipCallRequest
            {
                RequestUri = _callee!, From = _addresses!.AddressOfRecord, Credentials = _addresses.Credentials, Proxy = _addresses.Proxy,
                Targets = _targets, Offer = Encoding.UTF8.GetBytes(_negotiator!.CreateOffer()),
            },
            Now);
        _services.Sip.Own(_call.Value, this);
        _services.Sip.Follow(_services.Sip.Agent.DialogOf(_call.Value), _trace);
        _timer.Set(Now + _services.Options.RingTimeout);
        _services.Sip.Drain(Now);
    }

    [LoggerMessage(LogIds.CallStarted, LogLevel.Information, "Call {Call} to {Callee} becomes stream {Stream}")]
    private partial void LogStarted(CallId call, string callee, StreamName stream);
}
