using System.Globalization;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A second kind of softphone, registered at <see cref="Kamailio"/>: answers every call with a still picture and the test clip's sound.</summary>
internal sealed class Linphone : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly PeerProcess _process;

    private Linphone(TestFolder folder, PeerProcess process, string user) => (_folder, _process, User) = (folder, process, user);

    /// <summary>Another one each time: the registration of one that was killed stays for a while.</summary>
    public string User { get; }

    public string Output => _process.Output;

    public static async Task<Linphone> StartAsync(Kamailio server)
    {
        var folder = new TestFolder();
        var user = $"linphone{Random.Shared.Next(10000, 99999)}";
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
            reg_identity=<sip:{user}@{Kamailio.Domain}>
            reg_expires=300
            reg_sendregister=1
            [auth_info_0]
            username={user}
            passwd={Kamailio.Password}
            realm={Kamailio.Domain}
            domain={Kamailio.Domain}

            """));
        // HOME is where it keeps its databases; without the folders for them it does not register.
        Directory.CreateDirectory(folder.File(".local/share/linphone"));
        Directory.CreateDirectory(folder.File(".config/linphone"));
        var process = PeerProcess.Start("env", folder.Path, "HOME=" + folder.Path, "linphonec", "-c", folder.File("linphonerc"), "-C", "-a", "-S", "-d", "3", "-l", folder.File("log"));
        var phone = new Linphone(folder, process, user);
        Xunit.Assert.True(await Wait.UntilAsync(() => server.HasRegisteredAsync(user), TimeSpan.FromSeconds(20)), process.Output);
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
