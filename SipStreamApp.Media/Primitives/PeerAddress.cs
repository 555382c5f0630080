using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Media.Primitives;

/// <summary>Address and port of the other end of a datagram or connection: a small value, made and compared without allocation.</summary>
/// <remarks>An IPv4-mapped IPv6 address is the IPv4 address itself, so a dual-mode socket and an IPv4 socket name a peer alike.</remarks>
public readonly struct PeerAddress : IEquatable<PeerAddress>
{
    private const ulong MappedPrefix = 0xFFFFUL << 32;

    // 128 bits as IPv6 writes them; IPv4 lives in the mapped range ::ffff:0:0/96.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;

    private PeerAddress(ulong high, ulong low, uint scope, ushort port) => (_high, _low, _scope, _port) = (high, low, scope, port);

    /// <summary>The UDP or TCP port.</summary>
    public int Port => _port;

    /// <summary>True for IPv4, also where a dual-mode socket showed it as IPv6.</summary>
    public bool IsIPv4 => _high == 0 && _low >> 32 == 0xFFFF;

    /// <summary>True for the default value, which names nobody.</summary>
    public bool IsEmpty => _high == 0 && _low == 0 && _port == 0;

    /// <summary>True for 127.0.0.0/8 and ::1.</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(_low >> 24) == 127 : _high == 0 && _low == 1;

    /// <summary>The IPv6 scope (interface index); 0 where there is none.</summary>
    public uint ScopeId => _scope;

    /// <summary>The address as an object (allocates).</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            var length = WriteAddress(bytes);
            return length == 4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, _scope);
        }
    }

    /// <summary>From 4 address bytes in network order.</summary>
    public static PeerAddress FromIPv4(ReadOnlySpan<byte> address, int port) =>
        new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address), 0, (ushort)port);

    /// <summary>From 16 address bytes in network order.</summary>
    public static PeerAddress FromIPv6(ReadOnlySpan<byte> address, int port, uint scope = 0) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), scope, (ushort)port);

    /// <summary>From an address object and a port.</summary>
    public static PeerAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromIPv4(bytes, port)
            : FromIPv6(bytes, port, address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0);
    }

    /// <summary>From an end point object.</summary>
    public static PeerAddress From(IPEndPoint endPoint) => From(endPoint.Address, endPoint.Port);

    /// <summary>Reads "192.0.2.1:5060" or "[2001:db8::1]:5060".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerAddress address)
    {
        address = default;
        if (text is null || !IPEndPoint.TryParse(text, out var endPoint)) return false;
        address = From(endPoint);
        return true;
    }

    /// <summary>The same host with another port.</summary>
    public PeerAddress WithPort(int port) => new(_high, _low, _scope, (ushort)port);

    /// <summary>True where both name the same host, whatever the port.</summary>
    public bool SameHost(in PeerAddress other) => _high == other._high && _low == other._low && _scope == other._scope;

    /// <summary>Writes the address in network order; returns 4 (IPv4) or 16 (IPv6). Room for 16 bytes is needed.</summary>
    public int WriteAddress(Span<byte> target)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, (uint)_low);
            return 4;
        }

        WriteIPv6(target);
        return 16;
    }

    /// <summary>Writes 16 bytes in network order, IPv4 in its mapped form.</summary>
    public void WriteIPv6(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _high);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _low);
    }

    /// <summary>As an end point object (allocates).</summary>
    public IPEndPoint ToEndPoint() => new(Address, _port);

    /// <inheritdoc/>
    public bool Equals(PeerAddress other) =>
        _low == other._low && _port == other._port && _high == other._high && _scope == other._scope;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerAddress other && Equals(other);

    // HashCode is seeded per process: a peer cannot choose addresses that fall into one bucket.
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_low, _high, _port | (ulong)_scope << 16);

    /// <summary>Same host and port.</summary>
    public static bool operator ==(in PeerAddress a, in PeerAddress b) => a.Equals(b);

    /// <summary>Another host or port.</summary>
    public static bool operator !=(in PeerAddress a, in PeerAddress b) => !a.Equals(b);

    /// <inheritdoc/>
    public override string ToString() => ToEndPoint().ToString();
}
