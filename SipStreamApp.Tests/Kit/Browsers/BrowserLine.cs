using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>
/// A TCP line between a browser and the program: what it carries is counted, and the circuit (everything below /_blazor) can be cut. Then the connection that carries it breaks, and
/// new ones are refused, until it is mended. Other requests go through all the time, and media by UDP does not come this way at all.
/// </summary>
internal sealed class BrowserLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _circuits = [];
    private readonly int _backPort;
    private readonly Task _accepting;
    private volatile bool _isCut;
    private int _refused;
    private long _toBrowser;

    /// <param name="backUrl">Address of the program.</param>
    public BrowserLine(string backUrl)
    {
        _backPort = new Uri(backUrl).Port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The address the browser is to use.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How often the browser tried to get its circuit back in vain.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Bytes the browser has got, as they went over the line: compressed, and with all heads.</summary>
    public long ToBrowser => Interlocked.Read(ref _toBrowser);

    public void Cut()
    {
        _isCut = true;
        foreach (var line in _circuits.Keys) line.Close();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
    }

    private async Task ServeAsync(TcpClient front)
    {
        using (front)
        using (var back = new TcpClient())
        {
            try
            {
                (front.NoDelay, back.NoDelay) = (true, true);
                await back.ConnectAsync(IPAddress.Loopback, _backPort, _stop.Token);
                await Task.WhenAny(ForwardAsync(front, back), BackAsync(front, back));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two has had enough, or the line was cut.
            }
            finally
            {
                _circuits.TryRemove(front, out _);
            }
        }
    }

    private async Task ForwardAsync(TcpClient front, TcpClient back)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await front.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
        {
            // Chromium writes the head of a request at once, so that a request begins where a piece begins.
            if (IsCircuit(buffer.AsSpan(0, length)))
            {
                _circuits[front] = true;
                if (_isCut)
                {
                    Interlocked.Increment(ref _refused);
                    return;
                }
            }

            await back.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }

    private async Task BackAsync(TcpClient front, TcpClient back)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await back.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
        {
            Interlocked.Add(ref _toBrowser, length);
            await front.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }

    private static bool IsCircuit(ReadOnlySpan<byte> head) => head.StartsWith("GET /_blazor"u8) || head.StartsWith("POST /_blazor"u8);
}
