using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class StreamTests
{
    [Fact]
    public async Task Echo_LargeStream_ComesBackWhole_ThenClosesInOrder()
    {
        await using var loop = NetKit.Loop();
        var (server, client) = (new StreamLog(echo: true), new StreamLog());
        using var listener = StreamLog.Listen(loop, server);
        var connection = StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), client, StreamOptions.Default);
        var data = new byte[200_000];
        new Random(3).NextBytes(data);
        for (var at = 0; at < data.Length; at += 10_000)
        {
            Assert.True(connection.TrySend(data.AsSpan(at, 10_000)));
        }

        await NetKit.Until(() => client.Received == data.Length, "all comes back");
        Assert.Equal(data, client.Bytes);
        Assert.Equal(1, listener.Connections);
        connection.Close();
        Assert.False(connection.TrySend([1]));
        await NetKit.Until(() => server.Closed.Count == 1 && client.Closed.Count == 1, "both ends hear of the end");
        Assert.Equal((StreamCloseReason.Peer, StreamCloseReason.Local), (server.Closed[0], client.Closed[0]));
        Assert.Equal((1, 1, 0), (server.Opened.Count, client.Opened.Count, server.WrongThread + client.WrongThread));
        await NetKit.Until(() => listener.Connections == 0, "none is left");
    }

    [Fact]
    public async Task Close_WithQueuedBytes_SendsThemFirst()
    {
        await using var loop = NetKit.Loop();
        var (server, client) = (new StreamLog(), new StreamLog());
        using var listener = StreamLog.Listen(loop, server);
        var connection = StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), client, StreamOptions.Default);
        connection.TrySend(new byte[100_000]);
        connection.Close();
        await NetKit.Until(() => server.Closed.Count == 1, "the server hears the end");
        Assert.Equal(100_000, server.Received);
    }

    [Fact]
    public async Task Connect_NobodyThere_FailsAsAReason()
    {
        await using var loop = NetKit.Loop();
        for (var i = 0; i < 20; i++)
        {
            var client = new StreamLog();
            var listener = StreamLog.Listen(loop, new StreamLog());
            listener.Dispose();
            StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), client, StreamOptions.Default);
            await NetKit.Until(() => client.Closed.Count == 1, "told of the failure");
            Assert.Equal((i, StreamCloseReason.ConnectFailed), (i, client.Closed[0]));
            Assert.Empty(client.Opened);
        }
    }

    [Fact]
    public async Task Connect_HandshakeThatHangs_TimesOut()
    {
        await using var loop = NetKit.Loop();
        var client = new StreamLog();
        using var listener = StreamLog.Listen(loop, new StreamLog());
        var options = StreamOptions.Default with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            Secure = async (stream, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return stream;
            },
        };
        StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), client, options);
        await NetKit.Until(() => client.Closed.Count == 1, "told of the time-out");
        Assert.Equal(StreamCloseReason.ConnectTimeout, client.Closed[0]);
    }

    [Fact]
    public async Task Limits_IdleAndQueueAndConnections_Hold()
    {
        await using var loop = NetKit.Loop();
        var server = new StreamLog();
        var options = StreamOptions.Default with { IdleTimeout = TimeSpan.FromMilliseconds(100), MaxConnections = 1, MaxQueuedBytes = 1_000_000 };
        using var listener = StreamLog.Listen(loop, server, options);
        using var first = new TcpClient();
        await first.ConnectAsync(listener.LocalEndPoint);
        await NetKit.Until(() => server.Opened.Count == 1, "the first is let in");
        using var second = new TcpClient();
        await second.ConnectAsync(listener.LocalEndPoint);
        Assert.Equal(0, await ReadToEnd(second));
        Assert.Equal(1, listener.Refused);
        await NetKit.Until(() => server.Closed.Count == 1, "the idle one is closed");
        Assert.Equal(StreamCloseReason.Idle, server.Closed[0]);

        using var deaf = new TcpClient();
        await NetKit.Until(() => listener.Connections == 0, "there is room again");
        await deaf.ConnectAsync(listener.LocalEndPoint);
        await NetKit.Until(() => server.Opened.Count == 2, "the third is let in");
        var sent = 0;
        while (sent < 1000 && server.Opened[1].TrySend(new byte[100_000])) sent++;
        await NetKit.Until(() => server.Closed.Count == 2, "the deaf one is closed");
        Assert.Equal(StreamCloseReason.SendQueueFull, server.Closed[1]);
    }

    [Fact]
    public async Task Listen_TakenPort_IsAFailure()
    {
        await using var loop = NetKit.Loop();
        using var listener = StreamLog.Listen(loop, new StreamLog());
        Assert.False(TcpListenerPort.TryListen(loop, listener.LocalEndPoint, new StreamLog(), StreamOptions.Default, out _, out var failure));
        Assert.Equal("port-taken", failure.Code);
    }

    [Fact]
    public async Task Secure_BothEnds_SpeakTls()
    {
        await using var loop = NetKit.Loop();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (server, client) = (new StreamLog(echo: true), new StreamLog());
        using var listener = StreamLog.Listen(loop, server, StreamOptions.Default with
        {
            Secure = async (stream, cancel) =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new() { ServerCertificate = certificate }, cancel);
                return tls;
            },
        });
        StreamOptions Client(bool trust) => StreamOptions.Default with
        {
            Secure = async (stream, cancel) =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(new() { TargetHost = "test", RemoteCertificateValidationCallback = (_, _, _, _) => trust }, cancel);
                return tls;
            },
        };
        var connection = StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), client, Client(trust: true));
        connection.TrySend("OPTIONS"u8);
        await NetKit.Until(() => client.Received == 7, "the echo");
        var stranger = new StreamLog();
        StreamConnection.Connect(loop, PeerAddress.From(listener.LocalEndPoint), stranger, Client(trust: false));
        await NetKit.Until(() => stranger.Closed.Count == 1, "the untrusting one is told");
        Assert.Equal(StreamCloseReason.SecureFailed, stranger.Closed[0]);
    }

    [Fact]
    public async Task LoopEnds_ConnectionsEndToo()
    {
        var loop = NetKit.Loop();
        var server = new StreamLog();
        using var listener = StreamLog.Listen(loop, server);
        using var client = new TcpClient();
        await client.ConnectAsync(listener.LocalEndPoint);
        await NetKit.Until(() => server.Opened.Count == 1, "it is let in");
        await loop.DisposeAsync();
        Assert.Equal(0, await ReadToEnd(client));
        await NetKit.Until(() => listener.Connections == 0, "none is left");
        using var late = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(async () => await late.ConnectAsync(listener.LocalEndPoint));
    }

    private static async Task<int> ReadToEnd(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[16]).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (IOException)
        {
            // A reset ends it as well as an orderly close does.
            return 0;
        }
    }
}
