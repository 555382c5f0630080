using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The SIP port is bound and answers: an OPTIONS (RFC 3261 section 11) by UDP from this machine, and a connection by TCP.</summary>
internal sealed class SipPortCheck(MediaEngine engine, TimeProvider time) : IServerCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Id => "sip-port";

    public string Title => "SIP port";

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var port = engine.Snapshot().SipPort;
        if (port == 0 || !engine.Snapshot().Running) return CheckResult.Failed("not bound", "No SIP port is bound: the media engine is not running.", "The log of the server says why.");
        var bound = IPAddress.TryParse(engine.Options.Sip.Address, out var given) ? given : IPAddress.Any;
        var target = new IPEndPoint(bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound, port);
        var start = time.GetTimestamp();
        var answer = await AskAsync(target, cancel);
        var took = Say.Milliseconds(time.GetElapsedTime(start));
        if (answer is null) return CheckResult.Failed($"{target}, no answer", "The SIP port does not answer an OPTIONS from this machine.", "Look for a firewall rule on loopback, then start the server again.");
        return await ConnectsAsync(target, cancel)
            ? CheckResult.Good($"UDP and TCP {target}: {answer} after {took}")
            : CheckResult.Warning($"UDP {target}: {answer} after {took}; TCP refused", "SIP by TCP is not taken.", "Another program may hold the TCP port; choose another one with Sip:Port.");
    }

    private static async Task<string?> AskAsync(IPEndPoint target, CancellationToken cancel)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(target.Address, 0));
        var here = (IPEndPoint)socket.LocalEndPoint!;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var request = $"OPTIONS sip:health@{target} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\nFrom: <sip:health@{here}>;tag={id}\r\n"
            + $"To: <sip:health@{target}>\r\nCall-ID: {id}@health\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await socket.SendToAsync(Encoding.ASCII.GetBytes(request), target, limit.Token);
            var room = new byte[2048];
            var count = await socket.ReceiveAsync(room, limit.Token);
            var line = Encoding.ASCII.GetString(room, 0, count).Split('\r', 2)[0];
            return line.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? line["SIP/2.0 ".Length..] : null;
        }
        catch (Exception e) when (e is SocketException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<bool> ConnectsAsync(IPEndPoint target, CancellationToken cancel)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
