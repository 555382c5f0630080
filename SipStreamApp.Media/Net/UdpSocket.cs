using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Opens and binds UDP sockets; what may go wrong there is a value.</summary>
internal static class UdpSocket
{
    public static bool TryOpen(IPEndPoint local, UdpPortOptions options,
        [NotNullWhen(true)] out Socket? socket, [NotNullWhen(false)] out Failure? failure)
    {
        socket = null;
        try
        {
            socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // [::] means "every address of this machine", IPv4 too; a given IPv6 address means just that one.
            if (local.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = local.Address.Equals(IPAddress.IPv6Any);
            socket.Blocking = false;
            IgnoreWindowsResets(socket);
            SetBuffers(socket, options);
            socket.Bind(local);
            failure = null;
            return true;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            socket = null;
            failure = FailureOf(e.SocketErrorCode, local, "UDP");
            return false;
        }
    }

    public static Failure FailureOf(SocketError error, IPEndPoint local, string kind) => error switch
    {
        SocketError.AddressAlreadyInUse => new("port-taken", Blame.Server, $"{kind} port {local} is in use by another program",
            "Choose another port or stop the other program") { Retryable = true },
        SocketError.AddressNotAvailable => new("address-not-local", Blame.Caller, $"{local.Address} is not an address of this machine",
            "Choose one of its own addresses, or 0.0.0.0 for all"),
        SocketError.AccessDenied => new("port-forbidden", Blame.Server, $"The system does not let this program use {kind} port {local}",
            "Ports below 1024 need a privilege; choose a higher one"),
        SocketError.AddressFamilyNotSupported => new("family-unavailable", Blame.Server, $"This machine has no {local.AddressFamily}"),
        SocketError.TooManyOpenSockets => new("sockets-exhausted", Blame.Server, "This program may not open more sockets",
            "Raise the limit of open files (ulimit -n)") { Retryable = true },
        _ => new("bind-failed", Blame.Server, $"{kind} port {local} could not be opened ({error})"),
    };

    private static void SetBuffers(Socket socket, UdpPortOptions options)
    {
        socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        socket.SendBufferSize = options.SendBufferBytes;
        // The plain call is silently cut to net.core.rmem_max; with CAP_NET_ADMIN the other one is not.
        if (!OperatingSystem.IsLinux()) return;
        if (socket.ReceiveBufferSize < options.ReceiveBufferBytes) LinuxNative.SetOption(socket, 1, LinuxNative.SO_RCVBUFFORCE, options.ReceiveBufferBytes);
        if (socket.SendBufferSize < options.SendBufferBytes) LinuxNative.SetOption(socket, 1, LinuxNative.SO_SNDBUFFORCE, options.SendBufferBytes);
    }

    // On Windows an ICMP port-unreachable makes the next receive fail, for a peer that may be any of them. SIO_UDP_CONNRESET turns it off.
    private static void IgnoreWindowsResets(Socket socket)
    {
        const int SioUdpConnReset = unchecked((int)0x9800000C);
        if (OperatingSystem.IsWindows()) socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
    }
}
