using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>Our slots as a session description.</summary>
internal static class SipSdpBuilder
{
    public static SdpSession Build(SipMediaOptions options, ImmutableArray<SipSlot> slots, ReadOnlySpan<SdpDirection> directions, ulong version, bool offer)
    {
        var address = new SdpConnection(options.Address);
        var id = options.SessionId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var session = new SdpSession
        {
            Origin = new("-", id, version.ToString(System.Globalization.CultureInfo.InvariantCulture), address),
            Connection = address,
        };
        for (var i = 0; i < slots.Length; i++) session.Media.Add(Media(options, slots[i], directions[i], offer));
        return session;
    }

    private static SdpMedia Media(SipMediaOptions options, SipSlot slot, SdpDirection direction, bool offer)
    {
        var media = new SdpMedia { Type = slot.Type, Protocol = slot.Protocol };
        if (!slot.InUse || options.PortOf(slot.Kind) is not { } port)
        {
            // The grammar wants one format at least.
            media.Formats.AddRange(slot.RefusedFormats.IsEmpty ? ["0"] : slot.RefusedFormats);
            return media;
        }

        media.Port = port.RtpPort;
        var attributes = media.Attributes;
        if (slot.Kind == MediaKind.Video && options.VideoKbps > 0) media.Bandwidths.Add(new("AS", options.VideoKbps));
        foreach (var payload in slot.Payloads) payload.WriteTo(media);
        if (slot.Kind == MediaKind.Audio && options.PacketTimeMs > 0) attributes.Add("ptime", SdpText.Number(options.PacketTimeMs));
        attributes.Add(direction.ToAttribute());

        // An offer names the separate RTCP port beside rtcp-mux: the peer may not know rtcp-mux (RFC 5761 section 5.1.1).
        if (offer || !slot.RtcpMux) attributes.Add("rtcp", SdpText.Number(port.RtcpPort));
        if (slot.RtcpMux) attributes.Add("rtcp-mux");
        foreach (var crypto in slot.Crypto) attributes.Add("crypto", crypto.ToString());
        if (options.Cname.Length > 0) attributes.Add("ssrc", $"{port.Ssrc.Value} cname:{options.Cname}");
        return media;
    }
}
