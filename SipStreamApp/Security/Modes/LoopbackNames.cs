using System.Net;

namespace SipStreamApp.Security.Modes;

/// <summary>Names and addresses that can only mean this machine (RFC 6761 section 6.3, RFC 1122, RFC 4291).</summary>
internal static class LoopbackNames
{
    /// <summary>True for localhost, its subdomains and loopback addresses; without a port, IPv6 with or without brackets.</summary>
    public static bool Contains(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && Contains(address));

    /// <summary>True for a loopback address, also for IPv4 written as IPv6.</summary>
    public static bool Contains(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
