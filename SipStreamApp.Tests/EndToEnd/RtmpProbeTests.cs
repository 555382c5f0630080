using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Trying RTMP servers without publishing: a real one, and the ways in which one is not there.</summary>
public class RtmpProbeTests
{
    private static readonly PushLimits Limits = new() { SocketTimeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task Nginx_KnowsItsApplicationsAndNoOther_AndNothingIsPublished()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        Assert.Null(await TestAsync(nginx.Url));
        Assert.Null(await TestAsync(nginx.Url + "/"));
        Assert.Null(await TestAsync($"rtmp://127.0.0.1:{nginx.Port}/closed"));
        Assert.Equal("closed-by-server", await TestAsync($"rtmp://127.0.0.1:{nginx.Port}/nobody"));

        // A TLS server is what it must be, to be tried by rtmps.
        await using var front = new TlsFront(nginx.Port);
        Assert.Equal("tls-failed", await TestAsync($"rtmps://127.0.0.1:{front.Port}/live"));
        Assert.Null(await TestAsync($"rtmps://127.0.0.1:{front.Port}/live", Limits with { VerifyCertificates = false }));

        // nginx takes the hello of TLS for the beginning of its own handshake and waits for the rest.
        Assert.Equal("no-answer", await TestAsync($"rtmps://127.0.0.1:{nginx.Port}/live", Limits with { SocketTimeout = TimeSpan.FromSeconds(0.5) }));
    }

    [Fact]
    public async Task WhatIsNoRtmpServer_IsSaidAsSuch()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        Assert.Equal("no-answer", await TestAsync($"rtmp://127.0.0.1:{port}/live", Limits with { SocketTimeout = TimeSpan.FromSeconds(0.5) }));
        using (await silent.AcceptTcpClientAsync()) Assert.Equal("connection-refused", await TestAsync($"rtmp://127.0.0.1:{FreePort.Next()}/live"));

        var talker = Task.Run(async () =>
        {
            using var client = await silent.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[1 + RtmpMessages.Greeting]);
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        });
        Assert.Equal("not-rtmp", await TestAsync($"rtmp://127.0.0.1:{port}/live"));
        await talker;
        Assert.Equal("host-not-found", await TestAsync("rtmp://no-such-host.invalid/live"));
        Assert.Equal("private-target", await TestAsync($"rtmp://127.0.0.1:{port}/live", Limits with { Outgoing = new OutgoingGuard(refusePrivate: true) }));
        Assert.Equal("private-target", await TestAsync($"rtmp://localhost:{port}/live", Limits with { Outgoing = new OutgoingGuard(refusePrivate: true) }));
        Assert.Equal("test-not-possible", await TestAsync("srt://127.0.0.1:9"));
        Assert.False(silent.Pending());
    }

    private static async Task<string?> TestAsync(string url, PushLimits? limits = null)
    {
        Assert.True(PushAddress.TryParse(url, out var address, out _));
        return (await RtmpProbe.TestAsync(address, limits ?? Limits, TestContext.Current.CancellationToken))?.Code;
    }
}
