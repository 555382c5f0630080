using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>
/// A callee in this process with a SIP port of its own: answers every call at once and sends picture and sound by RTP, over a line as bad
/// as asked for. For what softphones cannot be made to do; judged against real ones by the other end-to-end tests.
/// </summary>
internal sealed class TestPhone : IAsyncDisposable
{
    private readonly List<PhoneCall> _calls = [];

    private TestPhone(TestPhoneOptions options)
    {
        Options = options;
        Loop = new NetLoop("phone", Clock, NetLoopOptions.Default, NullLogger.Instance);
        Sip = new SipHost(Loop, IPAddress.Loopback, "test phone", 500, new SipResolver(), SipTls.Default, NullLogger.Instance) { IncomingCall = Take };
        var first = 20000 + Random.Shared.Next(0, 40) * 250;
        if (!PortRange.TryParse($"{first}-{first + 249}", out var range, out var failure)) throw new InvalidOperationException(failure.Title);
        Ports = new RtpPorts(range, TimeSpan.Zero);
    }

    public TestPhoneOptions Options { get; }

    public EngineClock Clock { get; } = new(TimeProvider.System);

    public NetLoop Loop { get; }

    public SipHost Sip { get; }

    public RtpPorts Ports { get; }

    public MediaFramePool Frames { get; } = new();

    /// <summary>Its SIP port on 127.0.0.1.</summary>
    public int Port => Sip.Port;

    /// <summary>The last call it answered, or null.</summary>
    public PhoneCall? Call
    {
        get
        {
            lock (_calls) return _calls.LastOrDefault();
        }
    }

    public static TestPhone Start(TestPhoneOptions? options = null)
    {
        var phone = new TestPhone(options ?? new TestPhoneOptions());
        if (phone.Sip.Start(0) is { } failure) throw new InvalidOperationException(failure.Title);
        phone.Loop.Start();
        return phone;
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.InvokeAsync(() =>
        {
            foreach (var call in _calls) if (!call.IsOver) call.Dispose();
            Sip.Dispose();
            return true;
        });
        await Loop.DisposeAsync();
    }

    private ISipCallOwner Take(SipCallIncoming incoming, Instant now)
    {
        var call = new PhoneCall(this, incoming, now);
        lock (_calls)
        {
            // A phone that takes thousands of calls does not keep them all.
            _calls.RemoveAll(c => c.IsOver);
            _calls.Add(call);
        }

        return call;
    }
}
