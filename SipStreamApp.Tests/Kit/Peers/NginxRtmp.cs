using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>nginx with the rtmp module: a real RTMP server on loopback. "live" takes every stream, "closed" refuses to be published to. Can be stopped and started again on its port.</summary>
internal sealed class NginxRtmp : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private PeerProcess? _process;

    private NginxRtmp(int port) => Port = port;

    public int Port { get; }

    public string Url => $"rtmp://127.0.0.1:{Port}/live";

    public static async Task<NginxRtmp> StartAsync()
    {
        var server = new NginxRtmp(FreePort.Next());
        Directory.CreateDirectory(server._folder.File("logs"));
        await File.WriteAllTextAsync(server._folder.File("nginx.conf"), $$"""
            load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
            daemon off; master_process off; pid {{server._folder.File("pid")}}; error_log stderr warn;
            events {}
            rtmp { server { listen 127.0.0.1:{{server.Port}}; application live { live on; } application closed { live on; deny publish all; } } }
            """);
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        _process = PeerProcess.Start("/usr/sbin/nginx", _folder.Path, "-p", _folder.Path, "-c", _folder.File("nginx.conf"), "-e", "stderr");
        Xunit.Assert.True(await Wait.UntilAsync(AnswersAsync, TimeSpan.FromSeconds(10)), "nginx did not start:\n" + _process.Output);
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task StopAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Stops or continues the process without closing a connection: a server that hangs.</summary>
    public Task SignalAsync(string signal) => PeerProcess.RunAsync("kill", _folder.Path, $"-{signal}", $"{_process!.ProcessId}");

    /// <summary>Receives a published stream for some seconds into a file, as any player would.</summary>
    public async Task<Received> ReceiveAsync(string name, int seconds)
    {
        var file = _folder.File($"{name}-{Guid.NewGuid():N}.mkv");
        await PeerProcess.RunAsync("ffmpeg", _folder.Path, "-v", "error", "-rw_timeout", "20000000", "-i", $"{Url}/{name}", "-t", $"{seconds}", "-c", "copy", "-y", file);
        return new Received(file);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
