using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A real registrar and proxy on loopback, UDP, TCP and, with a certificate, TLS: digest for REGISTER and INVITE, Record-Route. Domain lab.test, password "secret".</summary>
internal sealed class Kamailio : IAsyncDisposable
{
    public const string Domain = "lab.test";
    public const string Password = "secret";

    private readonly TestFolder _folder;
    private readonly PeerProcess _process;

    private Kamailio(TestFolder folder, PeerProcess process, int port, int tlsPort) => (_folder, _process, Port, TlsPort) = (folder, process, port, tlsPort);

    public int Port { get; }

    /// <summary>Its port for TLS; 0 without a certificate.</summary>
    public int TlsPort { get; }

    public string Output => _process.Output;

    /// <summary>Whether the location table has a contact of that user.</summary>
    public async Task<bool> HasRegisteredAsync(string user) => await ProbeAsync(Port, $"{user}@{Domain}") is { } answer && answer.StartsWith("SIP/2.0 200", StringComparison.Ordinal);

    /// <param name="port">Its port; 0 for any.</param>
    /// <param name="maxExpires">Longest registration it grants, seconds.</param>
    /// <param name="certificate">What it shows over TLS; null: it does not speak it.</param>
    /// <param name="tlsPort">Its port for TLS; 0 for any.</param>
    public static async Task<Kamailio> StartAsync(int port = 0, int maxExpires = 3600, X509Certificate2? certificate = null, int tlsPort = 0)
    {
        var folder = new TestFolder();
        if (port == 0) port = FreePort.Next();
        if (certificate is not null)
        {
            if (tlsPort == 0) tlsPort = FreePort.Next();
            await File.WriteAllTextAsync(folder.File("certificate.pem"), certificate.ExportCertificatePem());
            using var key = certificate.GetRSAPrivateKey()!;
            await File.WriteAllTextAsync(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(folder.File("kamailio.cfg"), Config(port, maxExpires, certificate is null ? "" : Tls(folder.Path, tlsPort)));
        var process = PeerProcess.Start("/usr/sbin/kamailio", folder.Path, "-f", folder.File("kamailio.cfg"), "-m", "64", "-M", "8", "-DD", "-Y", folder.Path, "-w", folder.Path);
        var server = new Kamailio(folder, process, port, tlsPort);
        Xunit.Assert.True(await Wait.UntilAsync(async () => await ProbeAsync(port, Domain) is not null, TimeSpan.FromSeconds(15)), "Kamailio did not start:\n" + process.Output);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // An OPTIONS to the domain or to one of its users; the answer, or null where none came.
    private static async Task<string?> ProbeAsync(int port, string whom)
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var mine = ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
        var ping = $"OPTIONS sip:{whom} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{mine};branch=z9hG4bK{Guid.NewGuid():N}\r\nFrom: <sip:probe@lab.test>;tag=1\r\n" +
                   $"To: <sip:{whom}>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 10\r\nContent-Length: 0\r\n\r\n";
        await udp.SendAsync(Encoding.ASCII.GetBytes(ping), new IPEndPoint(IPAddress.Loopback, port));
        try
        {
            using var limit = new CancellationTokenSource(1000);
            return Encoding.UTF8.GetString((await udp.ReceiveAsync(limit.Token)).Buffer);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    private static string Tls(string folder, int port) => $"""
        enable_tls=yes
        listen=tls:127.0.0.1:{port}
        loadmodule "tls.so"
        modparam("tls", "certificate", "{folder}/certificate.pem")
        modparam("tls", "private_key", "{folder}/key.pem")
        # Its default, any version, finds no signature algorithm with OpenSSL 3.
        modparam("tls", "tls_method", "TLSv1.2+")
        """;

    private static string Config(int port, int maxExpires, string tls) => $$"""
        #!KAMAILIO
        debug=2
        log_stderror=yes
        fork=yes
        children=2
        tcp_children=2
        auto_aliases=no
        listen=udp:127.0.0.1:{{port}}
        listen=tcp:127.0.0.1:{{port}}
        alias="lab.test"
        {{tls}}
        loadmodule "kex.so"
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "maxfwd.so"
        loadmodule "usrloc.so"
        loadmodule "registrar.so"
        loadmodule "textops.so"
        loadmodule "siputils.so"
        loadmodule "auth.so"
        loadmodule "xlog.so"
        modparam("usrloc", "db_mode", 0)
        modparam("registrar", "max_expires", {{maxExpires}})
        # Else linphone gives itself a Contact in the domain, which only a proxy with a look-up inside dialogs can reach.
        modparam("registrar", "gruu_enabled", 0)
        modparam("auth", "nonce_expire", 60)
        modparam("rr", "append_fromtag", 1)
        request_route {
          xlog("L_NOTICE", "SEEN $rm by $proto from $fU\n");
          if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
          if (is_method("OPTIONS") && uri==myself) {
            if ($rU != $null && !registered("location")) { sl_send_reply("404", "Not registered"); exit; }
            sl_send_reply("200", "OK"); exit;
          }
          if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
          if (has_totag()) {
            if (loose_route()) { t_relay(); exit; }
            if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
            sl_send_reply("404", "Not here"); exit;
          }
          t_check_trans();
          # 0x04: one contact for a user. A phone killed by an earlier test must not get calls, nor keep a refusal waiting.
          if (is_method("REGISTER")) {
            if (!pv_auth_check("lab.test", "secret", "0", "0")) { auth_challenge("lab.test", "0"); exit; }
            xlog("L_NOTICE", "authenticated $au\n");
            if (!save("location", "0x04")) { sl_reply_error(); }
            exit;
          }
          if (is_method("INVITE") && from_uri==myself) {
            if (!pv_proxy_authenticate("lab.test", "secret", "0")) { proxy_challenge("lab.test", "0"); exit; }
            xlog("L_NOTICE", "authenticated $au\n");
          }
          if (is_method("INVITE|SUBSCRIBE")) record_route();
          if (!lookup("location")) { t_newtran(); t_reply("404", "Not Found"); exit; }
          t_relay();
        }

        """;
}
