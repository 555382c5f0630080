using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using SipStreamApp.Tests.Kit.Media;

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

    private readonly int _control;

    private Baresip(TestFolder folder, PeerProcess process, BaresipOptions options, int control) =>
        (_folder, _process, User, _control) = (folder, process, options.User, control);

    public string User { get; }

    public string Output => _process.Output;

    /// <summary>The sound it received in its last call, as a WAV file; null before the first.</summary>
    public string? ReceivedSound => Directory.GetFiles(_folder.Path, "dump-*-dec.wav").Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>Whether it was told that pitch in its last call: some 40 ms of it and of nothing else. To be asked when the call is over.</summary>
    public bool Heard(double hertz)
    {
        if (ReceivedSound is not { } wav) return false;
        var file = File.ReadAllBytes(wav);
        var rate = BitConverter.ToInt32(file, 24);
        var samples = MemoryMarshal.Cast<byte, short>(file.AsSpan(44));
        var window = rate / 25;
        for (var at = 0; at + window <= samples.Length; at += window / 4) if (Goertzel.Hears(samples.Slice(at, window), rate, hertz)) return true;
        return false;
    }

    public static async Task<Baresip> StartAsync(Kamailio server, BaresipOptions options)
    {
        var folder = new TestFolder();
        var clip = await TestClip.GetAsync();
        // It does not resample what it plays.
        var wav = options.AudioCodecs switch
        {
            "opus" => await clip.WavAsync(48000, 2),
            "g722" => await clip.WavAsync(16000, 1),
            _ => clip.Wav,
        };
        var (sip, control) = (FreePort.Next(), FreePort.Next());
        var rtp = 20000 + Random.Shared.Next(0, 400) * 20;
        await File.WriteAllTextAsync(folder.File("config"), string.Create(CultureInfo.InvariantCulture, $"""
            sip_listen 127.0.0.1:{sip}
            call_max_calls 50
            audio_player aubridge,nobody
            snd_path {folder.Path}
            audio_source aufile,{wav}
            audio_alert aufile,/dev/null
            video_source avformat,{clip.Picture}
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
            module aubridge.so
            module sndfile.so
            module fakevideo.so
            module avformat.so
            module avcodec.so
            module stdio.so
            module_tmp uuid.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:{control}

            """));
        var video = options.Video ? ";video_codecs=h264" : ";video_codecs=none";
        // A codec it does not know by name, rate and channels leaves it with all of them.
        var codecs = options.AudioCodecs switch { "opus" => "opus/48000/2", "g722" => "G722/16000/1", var plain => plain };
        var audio = codecs.Length > 0 ? ";audio_codecs=" + codecs : "";
        await File.WriteAllTextAsync(folder.File("accounts"),
            $"<sip:{options.User}@{Kamailio.Domain}>;auth_user={options.User};auth_pass={Kamailio.Password};" +
            $"outbound=\"sip:127.0.0.1:{server.Port};transport={options.Transport}\";regint=300;answermode={options.AnswerMode}{audio}{video}\n");
        await File.WriteAllTextAsync(folder.File("contacts"), "");
        var process = PeerProcess.Start("baresip", folder.Path, "-f", folder.Path);
        var phone = new Baresip(folder, process, options, control);
        await process.WaitForOutputAsync("200 OK", TimeSpan.FromSeconds(15));
        return phone;
    }

    /// <summary>Vanishes without a BYE.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Presses a key of its menu: "b" hangs up, "D" answers, "x" holds, "X" resumes.</summary>
    public Task PressAsync(string key) => CommandAsync(key switch
    {
        "b" => "hangup",
        "D" => "accept",
        "x" => "hold",
        "X" => "resume",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "no such key"),
    });

    /// <summary>Calls somebody.</summary>
    public Task DialAsync(string uri) => CommandAsync("dial", uri);

    /// <summary>Waits until its log says something; fails with the log.</summary>
    public Task UntilSaysAsync(string text, TimeSpan limit) => Wait.ForAsync(() => Output.Contains(text, StringComparison.Ordinal), limit, () => $"It did not say \"{text}\":\n{Output}");

    // Its keyboard takes a terminal only; the control port takes the same commands, as JSON in a netstring.
    private async Task CommandAsync(string command, string parameters = "")
    {
        var json = $"{{\"command\":\"{command}\",\"params\":\"{parameters}\",\"token\":\"t\"}}";
        using var control = new TcpClient();
        await control.ConnectAsync(IPAddress.Loopback, _control);
        await control.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{json.Length}:{json},"));
        // Events of the call may come before the answer on the same connection.
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!seen.ToString().Contains("\"ok\":", StringComparison.Ordinal))
        {
            var length = await control.GetStream().ReadAsync(buffer, limit.Token);
            if (length == 0) break;
            seen.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        Xunit.Assert.Contains("\"ok\":true", seen.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
