using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>TLS in front of a plain TCP server on loopback, with a certificate that nobody vouches for.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Make();
    private readonly Task _accepting;

    public TlsFront(int backPort)
    {
        _listener.Start();
        _accepting = AcceptAsync(backPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Handshakes that came to their end.</summary>
    public int Handshakes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(int backPort)
    {
        while (!_stop.IsCancellationRequested) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), backPort);
    }

    private async Task ServeAsync(TcpClient front, int backPort)
    {
        using (front)
        using (var back = new TcpClient())
        await using (var tls = new SslStream(front.GetStream()))
        {
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                Handshakes++;
                await back.ConnectAsync(IPAddress.Loopback, backPort, _stop.Token);
                await Task.WhenAny(tls.CopyToAsync(back.GetStream(), _stop.Token), back.GetStream().CopyToAsync(tls, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // One of the two has had enough.
            }
        }
    }
}
