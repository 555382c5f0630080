using System.Globalization;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>What the softphone offers and plays.</summary>
internal sealed record BaresipOptions
{
    public string User { get; init; } = "10005";

    /// <summary>Sound codecs in baresip's words, "" for none.</summary>
    public string AudioCodecs { get; init; } = "pcmu";

    public bool Video { get; init; } = true;

    /// <summary>"auto" answers at once; "manual" lets it ring.</summary>
    public string AnswerMode { get; init; } = "auto";

    public string Transport { get; init; } = "udp";

    /// <summary>Keyframe spacing of the clip it plays is 2 s; its encoder makes its own.</summary>
    public int Bitrate { get; init; } = 500_000;
}

/// <summary>A real softphone registered at <see cref="Kamailio"/>: answers every call with a test picture and a beep each second.</summary>
internal sealed class Baresip : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly PeerProcess _process;

    private Baresip(TestFolder folder, PeerProcess process, BaresipOptions options) => (_folder, _process, User) = (folder, process, options.User);

    public string User { get; }

    public string Output => _process.Output;

    /// <summary>The sound it received, as a WAV file.</summary>
    public string ReceivedSound => _folder.File("received.wav");

    public static async Task<Baresip> StartAsync(Kamailio server, BaresipOptions options)
    {
        var folder = new TestFolder();
        var clip = await TestClip.GetAsync();
        var wav = await clip.WavAsync(options.AudioCodecs.StartsWith("opus", StringComparison.Ordinal) ? 48000 : options.AudioCodecs == "g722" ? 16000 : 8000, options.AudioCodecs.StartsWith("opus", StringComparison.Ordinal) ? 2 : 1);
        var sip = FreePort.Next();
        var rtp = 20000 + Random.Shared.Next(0, 400) * 20;
        await File.WriteAllTextAsync(folder.File("config"), string.Create(CultureInfo.InvariantCulture, $"""
            sip_listen 127.0.0.1:{sip}
            call_max_calls 50
            audio_player aufile,{folder.File("received.wav")}
            audio_source aufile,{wav}
            audio_alert aufile,/dev/null
            video_source avformat,{clip.Movie}
            video_display fakevideo
            video_size 640x480
            video_bitrate {options.Bitrate}
            video_fps 25
            avcodec_h264enc libx264
            avcodec_h264dec h264
            rtp_ports {rtp}-{rtp + 400}
            module_path /usr/lib/baresip/modules
            module g711.so
            module g722.so
            module opus.so
            module aufile.so
            module fakevideo.so
            module avformat.so
            module avcodec.so
            module stdio.so
            module_tmp uuid.so
            module_tmp account.so
            module_app menu.so

            """));
        var video = options.Video ? ";video_codecs=h264" : ";video_codecs=none";
        var audio = options.AudioCodecs.Length > 0 ? ";audio_codecs=" + options.AudioCodecs : "";
        await File.WriteAllTextAsync(folder.File("accounts"),
            $"<sip:{options.User}@{Kamailio.Domain}>;auth_user={options.User};auth_pass={Kamailio.Password};" +
            $"outbound=\"sip:127.0.0.1:{server.Port};transport={options.Transport}\";regint=300;answermode={options.AnswerMode}{audio}{video}\n");
        await File.WriteAllTextAsync(folder.File("contacts"), "");
        var process = PeerProcess.Start("baresip", folder.Path, "-f", folder.Path);
        var phone = new Baresip(folder, process, options);
        await process.WaitForOutputAsync("200 OK", TimeSpan.FromSeconds(15));
        return phone;
    }

    /// <summary>Vanishes without a BYE.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Presses keys of its menu ("b" hangs up).</summary>
    public async Task PressAsync(string keys)
    {
        await _process.Input.WriteAsync(keys);
        await _process.Input.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
