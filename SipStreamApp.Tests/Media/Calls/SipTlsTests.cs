using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Sip;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

/// <summary>Which certificates are taken, and what is said of the others.</summary>
public sealed class SipTlsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData("sip.test", "sip.test", null)]
    [InlineData("127.0.0.1", "127.0.0.1", null)]
    [InlineData("sip.test", "127.0.0.1", "its certificate is for sip.test, not for 127.0.0.1")]
    [InlineData("sip.test", "evil.sip.test", "its certificate is for sip.test, not for evil.sip.test")]
    public async Task Certificate_IsForTheNameThatWasAskedFor(string issued, string asked, string? problem)
    {
        using var certificate = _authority.Issue(issued);
        Assert.Equal(problem, await HandshakeAsync(Tls(), certificate, asked));
    }

    [Fact]
    public async Task Certificate_ThatIsOver_IsRefusedWithItsDates()
    {
        using var certificate = _authority.Issue("sip.test", new DateTimeOffset(2020, 5, 4, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("its certificate is valid from 1970-01-01 to 2020-05-04", await HandshakeAsync(Tls(), certificate, "sip.test"));
    }

    [Fact]
    public async Task Certificate_OfNobody_IsRefused_ButWhereNothingIsVerified()
    {
        using var certificate = TestCertificate.Make();
        Assert.Equal("its certificate does not come from an authority that is trusted here", await HandshakeAsync(SipTls.Default, certificate, "localhost"));
        Assert.True(SipTls.TryCreate("", false, out var open, out _));
        Assert.Null(await HandshakeAsync(open, certificate, "sip.test"));
    }

    [Theory]
    [InlineData("no certificate in here")]
    [InlineData(null)]
    public void Authorities_ThatCannotBeRead_AreAFailure(string? text)
    {
        if (text is not null) File.WriteAllText(_folder.File("ca.pem"), text);
        Assert.False(SipTls.TryCreate(_folder.File("ca.pem"), true, out _, out var failure));
        Assert.Equal("Sip:TlsAuthorities", failure.Field);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private SipTls Tls()
    {
        File.WriteAllText(_folder.File("ca.pem"), _authority.Pem);
        Assert.True(SipTls.TryCreate(_folder.File("ca.pem"), true, out var tls, out var failure), failure?.Title);
        return tls;
    }

    // The problem, or null where the handshake came to its end.
    private static async Task<string?> HandshakeAsync(SipTls tls, X509Certificate2 certificate, string name)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await accepting;
        await using var server = new SslStream(accepted.GetStream());
        var serving = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
        var link = new SipLink(new SipEndpoint(IPAddress.Loopback, 5061, SipTransport.Tls), name);
        try
        {
            await using var stream = await tls.SecureAsync(client.GetStream(), link, TestContext.Current.CancellationToken);
            Assert.Null(link.Problem);
        }
        catch (AuthenticationException)
        {
            Assert.NotNull(link.Problem);
        }

        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return link.Problem;
    }
}
