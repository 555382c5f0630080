using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>
/// Tries an RTMP server as far as one can without publishing: name, connection, TLS, handshake and the application. The stream key is not
/// sent, so it is not tried.
/// </summary>
internal static class RtmpProbe
{
    private const int ShownLength = 200;

    /// <summary>What stands in the way, or null. Throws only where it is cancelled.</summary>
    public static async Task<Failure?> TestAsync(PushAddress target, PushLimits limits, CancellationToken cancel)
    {
        if (target.Scheme is not ("rtmp" or "rtmps")) return new Failure("test-not-possible", Blame.Caller, $"{target.Scheme} servers cannot be tried without sending", "Push a stream and look at its state.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(limits.SocketTimeout);
        try
        {
            var addresses = await limits.Outgoing.ResolveAsync(target.Host, patience.Token).ConfigureAwait(false);
            if (!addresses.Succeeded) return addresses.Failures[0].Code == "host-not-found" ? Explain("Failed to resolve hostname") : addresses.Failures[0];
            using var socket = await ConnectAsync(addresses.Value, target, patience.Token).ConfigureAwait(false);
            await using var wire = await WireAsync(target, limits, socket, patience.Token).ConfigureAwait(false);
            return await AskAsync(wire, target, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return PushCauses.NoAnswer;
        }
        catch (SocketException e)
        {
            return Explain(e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "Connection refused",
                SocketError.TimedOut => "timed out",
                _ => "No route to host",
            });
        }
        catch (AuthenticationException e)
        {
            return Explain(e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) ? "certificate" : "TLS");
        }
        catch (IOException)
        {
            return Closed;
        }
    }

    private static Failure Closed { get; } = new(
        "closed-by-server", Blame.Peer, "The server closed the connection", "It does not know the application in the address, or does not speak RTMP: check both.");

    private static Failure NotRtmp { get; } = new("not-rtmp", Blame.Peer, "What answers there does not speak RTMP", "Check the port; rtmps servers need rtmps://.");

    private static Failure Explain(string word) => PushCauses.Explain([word], null, wasProven: true);

    // Connected to one of the addresses that were looked at: a name server may answer differently the next time.
    private static async Task<Socket> ConnectAsync(IPAddress[] addresses, PushAddress target, CancellationToken cancel)
    {
        var port = new Uri(target.Url).Port is > 0 and var given ? given : target.Scheme == "rtmps" ? 443 : 1935;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancel).ConfigureAwait(false);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> WireAsync(PushAddress target, PushLimits limits, Socket socket, CancellationToken cancel)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (target.Scheme == "rtmp") return plain;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = target.Host, RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || !limits.VerifyCertificates,
        };
        var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancel).ConfigureAwait(false);
            return tls;
        }
        catch (Exception)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Failure?> AskAsync(Stream wire, PushAddress target, CancellationToken cancel)
    {
        await wire.WriteAsync(RtmpMessages.Hello(), cancel).ConfigureAwait(false);
        var answer = new byte[1 + RtmpMessages.Greeting];
        await wire.ReadExactlyAsync(answer.AsMemory(0, 1), cancel).ConfigureAwait(false);
        if (answer[0] != RtmpMessages.Version) return NotRtmp;
        await wire.ReadExactlyAsync(answer.AsMemory(1), cancel).ConfigureAwait(false);
        await wire.WriteAsync(answer.AsMemory(1), cancel).ConfigureAwait(false); // C2 echoes S1.
        await wire.ReadExactlyAsync(new byte[RtmpMessages.Greeting], cancel).ConfigureAwait(false);
        var uri = new Uri(target.Url);
        var app = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) + uri.Query;
        await wire.WriteAsync(RtmpMessages.Connect(app, target.Url.TrimEnd('/')), cancel).ConfigureAwait(false);
        var chunks = new RtmpChunks();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await wire.ReadAsync(buffer, cancel).ConfigureAwait(false);
            if (read == 0) return Closed;
            chunks.Add(buffer.AsSpan(0, read));
            while (chunks.TryTake(out var type, out var message))
            {
                if (type != RtmpMessages.Command) continue;
                if (RtmpMessages.NameOf(message) == "_result") return null;
                if (RtmpMessages.NameOf(message) == "_error") return Refused(message, target);
            }

            if (chunks.IsBroken) return NotRtmp;
        }
    }

    private static Failure Refused(byte[] message, PushAddress target)
    {
        // The server's own words: whatever of the address is in them stays hidden.
        var words = target.Hide(RtmpMessages.Property(message, "description") ?? RtmpMessages.Property(message, "code") ?? "");
        if (words.Contains("authmod", StringComparison.Ordinal)) return Explain("authmod");
        if (words.Length > ShownLength) words = words[..ShownLength];
        return new Failure("refused-by-server", Blame.Peer, "The server refused the application", words.Length > 0 ? $"It says: {words}" : "Check the application in the address.");
    }
}
