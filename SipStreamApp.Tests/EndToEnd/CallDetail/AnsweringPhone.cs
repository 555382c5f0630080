using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>A callee that answers each call with the SIP status named by its number: sip:486@… is busy.</summary>
internal sealed class AnsweringPhone : IAsyncDisposable, ISipCallOwner
{
    private readonly NetLoop _loop = new("answering", new EngineClock(TimeProvider.System), NetLoopOptions.Default, NullLogger.Instance);
    private readonly SipHost _sip;

    public AnsweringPhone()
    {
        _sip = new SipHost(_loop, IPAddress.Loopback, "answering phone", 100, new SipResolver(), NullLogger.Instance) { IncomingCall = Take };
        if (_sip.Start(0) is { } failure) throw new InvalidOperationException(failure.Title);
        _loop.Start();
    }

    public int Port => _sip.Port;

    public void OnSip(SipCallEvent fact, Instant now)
    {
        // Refused at once: nothing more is to be done.
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.InvokeAsync(() =>
        {
            _sip.Dispose();
            return true;
        });
        await _loop.DisposeAsync();
    }

    private AnsweringPhone Take(SipCallIncoming incoming, Instant now)
    {
        _sip.Agent.Reject(incoming.Call, int.Parse(incoming.Invite.RequestUri!.User, CultureInfo.InvariantCulture), null, now);
        return this;
    }
}
