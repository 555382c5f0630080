using System.Globalization;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A second kind of softphone, registered at <see cref="Kamailio"/>: answers every call with a still picture and the test clip's sound.</summary>
internal sealed class Linphone : IAsyncDisposable
{
    public const string User = "10007";

    private readonly TestFolder _folder;
    private readonly PeerProcess _process;

    private Linphone(TestFolder folder, PeerProcess process) => (_folder, _process) = (folder, process);

    public string Output => _process.Output;

    public static async Task<Linphone> StartAsync(Kamailio server)
    {
        var folder = new TestFolder();
        var clip = await TestClip.GetAsync();
        var rtp = 28000 + Random.Shared.Next(0, 400) * 10;
        await File.WriteAllTextAsync(folder.File("linphonerc"), string.Create(CultureInfo.InvariantCulture, $"""
            [sip]
            sip_port={FreePort.Next()}
            sip_tcp_port=0
            bind_address=127.0.0.1
            use_ipv6=0
            default_proxy=0
            media_encryption=none
            [rtp]
            audio_rtp_port={rtp}
            video_rtp_port={rtp + 2}
            [sound]
            use_files=1
            [video]
            enabled=1
            display=0
            capture=1
            automatically_accept=1
            automatically_initiate=1
            [proxy_0]
            reg_proxy=<sip:127.0.0.1:{server.Port};transport=udp>
            reg_route=<sip:127.0.0.1:{server.Port};transport=udp;lr>
            reg_identity=<sip:{User}@{Kamailio.Domain}>
            reg_expires=300
            reg_sendregister=1
            [auth_info_0]
            username={User}
            passwd={Kamailio.Password}
            realm={Kamailio.Domain}
            domain={Kamailio.Domain}

            """));
        // HOME is where it keeps its databases; a run must find none of an earlier one.
        var process = PeerProcess.Start("env", folder.Path, "HOME=" + folder.Path, "linphonec", "-c", folder.File("linphonerc"), "-C", "-a", "-S", "-d", "3", "-l", folder.File("log"));
        var phone = new Linphone(folder, process);
        Xunit.Assert.True(await Wait.UntilAsync(() => server.HasRegisteredAsync(User), TimeSpan.FromSeconds(20)), process.Output);
        await phone.SayAsync("soundcard use files");
        await phone.SayAsync("play " + clip.Wav);
        return phone;
    }

    /// <summary>Types a command.</summary>
    public async Task SayAsync(string command)
    {
        await _process.Input.WriteLineAsync(command);
        await _process.Input.FlushAsync();
    }

    /// <summary>Its own log, which tells why a codec was not taken.</summary>
    public string Log => File.Exists(_folder.File("log")) ? File.ReadAllText(_folder.File("log")) : "";

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
