using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A SIP server of few words: takes registrations, lets calls ring for ever, and remembers what it was told.</summary>
internal sealed class SilentRegistrar : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly ConcurrentQueue<string> _heard = new();

    public SilentRegistrar()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _thread = new Thread(Listen) { IsBackground = true };
        _thread.Start();
    }

    public int Port { get; }

    /// <summary>The requests, whole.</summary>
    public IReadOnlyList<string> Heard => [.. _heard];

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Listen()
    {
        var buffer = new byte[65536];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var request = Encoding.UTF8.GetString(buffer, 0, _socket.ReceiveFrom(buffer, ref from));
                _heard.Enqueue(request);
                var method = request.Split(' ')[0];
                if (method == "ACK") continue;
                Answer(request, method == "INVITE" ? "180 Ringing" : "200 OK", method == "REGISTER" ? Line(request, "Contact") : null, from);
                if (method == "CANCEL" && _heard.FirstOrDefault(r => r.StartsWith("INVITE", StringComparison.Ordinal)) is { } invite) Answer(invite, "487 Request Terminated", null, from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return; // Closed.
        }
    }

    private void Answer(string request, string status, string? more, EndPoint to)
    {
        var lines = new List<string> { "SIP/2.0 " + status };
        lines.AddRange(request.Split("\r\n").Where(l => l.StartsWith("Via:", StringComparison.OrdinalIgnoreCase)));
        foreach (var name in (string[])["From", "To", "Call-ID", "CSeq"])
            lines.Add(Line(request, name) + (name == "To" && !Line(request, name)!.Contains("tag=", StringComparison.Ordinal) ? ";tag=r1" : ""));
        if (more is not null) lines.Add(more);
        if (more is not null && Line(request, "Expires") is { } expires) lines.Add(expires);
        lines.Add("Content-Length: 0\r\n\r\n");
        _socket.SendTo(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), to);
    }

    private static string? Line(string message, string name) => message.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
}
