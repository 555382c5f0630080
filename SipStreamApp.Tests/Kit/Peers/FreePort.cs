using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>Finds a port that is free for UDP and TCP on loopback.</summary>
internal static class FreePort
{
    public static int Next()
    {
        while (true)
        {
            using var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            var port = ((IPEndPoint)tcp.LocalEndpoint).Port;
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken for UDP: try the next one.
            }
        }
    }
}
