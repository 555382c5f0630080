using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SipStreamApp.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The certificate browsers are shown: how long it still holds. Asked as a browser does, by TLS.</summary>
internal sealed class CertificateCheck(IServer server, AppSettings settings, TimeProvider time) : IServerCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(21);

    public string Id => "certificate";

    public string Title => "TLS certificate";

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.Where(a => a.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).ToList() ?? [];
        if (addresses.Count == 0)
        {
            return settings.Security.LoginRequired
                ? CheckResult.Note("none of our own", "Browsers give camera, microphone and clipboard only to https, except on this machine.", "Fine where a proxy in front does TLS; else add an https address to Urls, with its certificate in Kestrel:Certificates:Default.")
                : CheckResult.Note("not needed", "Only this machine can connect.");
        }

        var soonest = DateTimeOffset.MaxValue;
        foreach (var address in addresses)
        {
            var (until, why) = await AskAsync(new Uri(address.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal)), cancel);
            if (until is null) return CheckResult.Failed(address, $"TLS does not work there: {why}", "Check the certificate in the section Kestrel of the settings.");
            if (until < soonest) soonest = until.Value;
        }

        return Judge(soonest, time.GetUtcNow());
    }

    /// <summary>Judges by the day the certificate ends. Pure.</summary>
    internal static CheckResult Judge(DateTimeOffset until, DateTimeOffset now)
    {
        var figure = string.Create(CultureInfo.InvariantCulture, $"valid until {until:yyyy-MM-dd}, {(until - now).TotalDays:0} days");
        if (until <= now) return CheckResult.Failed(figure, "The certificate has expired: browsers refuse to connect.", "Renew it and start the server again.");
        return until - now < Soon ? CheckResult.Warning(figure, "The certificate expires soon.", "Renew it; the server reads it at its start.") : CheckResult.Good(figure);
    }

    private static async Task<(DateTimeOffset? Until, string? Why)> AskAsync(Uri address, CancellationToken cancel)
    {
        try
        {
            var host = address.Host is "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            using var client = new TcpClient();
            await client.ConnectAsync(host, address.Port, cancel);
            X509Certificate2? seen = null;
            // Whoever signed it: only its dates are looked at, nothing is sent.
            await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => (seen = certificate as X509Certificate2) is not null);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancel);
            return (seen!.NotAfter.ToUniversalTime(), null);
        }
        catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException)
        {
            return (null, e.Message);
        }
    }
}
