// RFC 8839 section 5.1: candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> [raddr <a> rport <p>] ...
using System.Net;

namespace SipStreamApp.Media.Sdp;

/// <summary>One ICE candidate as it stands in SDP. The address may be an mDNS name (browsers hide local addresses behind those).</summary>
internal sealed record IceCandidateLine(string Foundation, int Component, string Transport, uint Priority, string Host, int Port, string Type)
{
    public string? RelatedHost { get; init; }

    public int RelatedPort { get; init; }

    /// <summary>Whatever follows, as written (tcptype, generation, network-cost).</summary>
    public string Extensions { get; init; } = "";

    public IPAddress? Address => SdpText.Ip(Host);

    public bool IsUdp => Transport.Equals("udp", StringComparison.OrdinalIgnoreCase);

    /// <summary>A host candidate of our own, component 1 over UDP.</summary>
    public static IceCandidateLine HostUdp(string foundation, uint priority, IPEndPoint at) =>
        new(foundation, 1, "udp", priority, new SdpConnection(at.Address).Text, at.Port, "host");

    /// <summary>Reads the attribute value; a leading "a=" or "candidate:" (trickle messages carry it) is skipped.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IceCandidateLine candidate)
    {
        candidate = null!;
        var rest = text.Trim();
        if (rest.StartsWith("a=")) rest = rest[2..];
        if (rest.StartsWith("candidate:", StringComparison.OrdinalIgnoreCase)) rest = rest["candidate:".Length..];
        var foundation = SdpText.Token(ref rest);
        var component = SdpText.Token(ref rest);
        var transport = SdpText.Token(ref rest);
        var priority = SdpText.Token(ref rest);
        var host = SdpText.Token(ref rest);
        var port = SdpText.Token(ref rest);
        var typ = SdpText.Token(ref rest);
        var type = SdpText.Token(ref rest);
        if (foundation.IsEmpty || transport.IsEmpty || host.IsEmpty || type.IsEmpty || typ is not "typ") return false;
        if (!SdpText.Int(component, 1, 256, out var c) || !SdpText.UInt(priority, out var prio) || !SdpText.Int(port, 0, 65535, out var p)) return false;
        candidate = new(foundation.ToString(), c, transport.ToString(), prio, host.ToString(), p, type.ToString());
        var before = rest;
        if (SdpText.Token(ref rest) is "raddr")
        {
            var related = SdpText.Token(ref rest).ToString();
            candidate = candidate with { RelatedHost = related };
            before = rest;
            if (SdpText.Token(ref rest) is "rport" && SdpText.Int(SdpText.Token(ref rest), 0, 65535, out var relatedPort))
            {
                candidate = candidate with { RelatedPort = relatedPort };
                before = rest;
            }
        }

        candidate = candidate with { Extensions = before.Trim().ToString() };
        return true;
    }

    /// <summary>The attribute value, without "candidate:".</summary>
    public override string ToString()
    {
        var text = $"{Foundation} {Component} {Transport} {Priority} {Host} {Port} typ {Type}";
        if (RelatedHost is not null) text += $" raddr {RelatedHost} rport {RelatedPort}";
        return Extensions.Length == 0 ? text : $"{text} {Extensions}";
    }
}
