// RFC 3264 sections 6 (answer) and 7 (offerer reads the answer), one m= line at a time.
using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class SipMediaMatcher
{
    /// <summary>Reads the peer's answer to one of our lines.</summary>
    public static (SipSlot Slot, NegotiatedMedia Media) ReadAnswer(SipSlot slot, int index, SdpSession session, SdpDirection offered)
    {
        if (!slot.InUse) return Refuse(slot, index, MediaRefusal.NotWanted);
        if (index >= session.Media.Count || session.Media[index] is not { } media || media.Kind != slot.Kind) return Refuse(slot, index, MediaRefusal.MissingInAnswer);
        if (media.Port == 0) return Refuse(slot, index, MediaRefusal.ByPeer);
        var secure = SdpProtocol.IsSecureRtp(slot.Protocol);
        if (secure != SdpProtocol.IsSecureRtp(media.Protocol) || SdpProtocol.IsDtls(media.Protocol)) return Refuse(slot, index, MediaRefusal.UnsupportedTransport);
        var remoteCrypto = SdpCrypto.Read(media).Cast<SdpCrypto?>().FirstOrDefault();
        var localCrypto = slot.Crypto.Cast<SdpCrypto?>().FirstOrDefault(c => c!.Value.Tag == remoteCrypto?.Tag && SameSuite(c.Value, remoteCrypto.Value));
        if (secure && localCrypto is null) return Refuse(slot, index, MediaRefusal.UnsupportedTransport);

        var receive = ImmutableArray.CreateBuilder<PayloadMapping>();
        var events = ImmutableArray.CreateBuilder<TelephoneEventMapping>();
        var kept = ImmutableArray.CreateBuilder<LocalPayload>();
        PayloadMapping? send = null;
        var remote = RtpMappings.Read(media, slot.Payloads);
        foreach (var mapping in remote)
        {
            if (FindLocal(slot.Payloads, mapping) is not { } local) continue;
            if (!kept.Contains(local)) kept.Add(local);
            // The peer should send with our number (RFC 3264 section 5.1); some send with their own, which is taken where it is free.
            var own = mapping.PayloadType;
            var both = own != local.PayloadType && slot.Payloads.All(p => p.PayloadType != own);
            if (mapping.ToTrackFormat() is { } format)
            {
                send ??= new(own, format, local.Codec == Codec.H264 ? mapping.PacketizationMode : 0);
                if (receive.All(r => r.PayloadType != local.PayloadType)) receive.Add(local.ToMapping(format));
                if (both) receive.Add(local.ToMapping(format) with { PayloadType = own });
            }
            else
            {
                events.Add(new(local.PayloadType, local.ClockRate));
                if (both) events.Add(new(own, local.ClockRate));
            }
        }

        if (send is null) return Refuse(slot, index, MediaRefusal.NoCommonCodec);
        var agreed = slot with
        {
            Payloads = kept.ToImmutable(),
            RtcpMux = slot.RtcpMux && media.RtcpMux,
            Crypto = localCrypto is { } used ? [used] : [],
        };
        return (agreed, Describe(session, media, index, agreed, offered, remote) with
        {
            Send = send,
            Receive = receive.ToImmutable(),
            TelephoneEvents = events.ToImmutable(),
            TelephoneEventSend = EventFor(remote, send)?.PayloadType,
            TelephoneEventRate = EventFor(remote, send)?.ClockRate ?? 0,
            LocalCrypto = localCrypto,
            RemoteCrypto = secure ? remoteCrypto : null,
        });
    }

    /// <summary>Decides about one line of the peer's offer.</summary>
    public static (SipSlot Slot, NegotiatedMedia Media) Answer(SipMediaOptions options, SdpSession session, int index, bool kindTaken, SdpDirection wanted)
    {
        var media = session.Media[index];
        var refused = SipSlot.Refused(media);
        if (media.Port == 0) return Refuse(refused, index, MediaRefusal.ByPeer);
        if (options.PortOf(media.Kind) is not { } port) return Refuse(refused, index, MediaRefusal.NotWanted);
        if (kindTaken) return Refuse(refused, index, MediaRefusal.Duplicate);
        var secure = SdpProtocol.IsSecureRtp(media.Protocol);
        if (!secure && !SdpProtocol.IsPlainRtp(media.Protocol)) return Refuse(refused, index, MediaRefusal.UnsupportedTransport);
        var (localCrypto, remoteCrypto) = secure ? ChooseCrypto(port, media) : default;
        if (secure && localCrypto is null) return Refuse(refused, index, MediaRefusal.UnsupportedTransport);

        var remote = RtpMappings.Read(media);
        var common = Common(options, media.Kind, remote);
        if (common.IsEmpty) return Refuse(refused, index, MediaRefusal.NoCommonCodec);
        var events = options.TelephoneEvents && media.Kind == MediaKind.Audio ? Events(remote, common) : [];
        var slot = refused with
        {
            Payloads = [.. common.Concat(events).Select(m => LocalPayload.Mirror(m, options))],
            RtcpMux = options.RtcpMux && media.RtcpMux,
            Crypto = localCrypto is { } used ? [used] : [],
        };
        PayloadMapping[] mappings = [.. common.Select(m => LocalPayload.Mirror(m, options).ToMapping(m.ToTrackFormat()!))];
        return (slot, Describe(session, media, index, slot, wanted, common) with
        {
            Send = mappings[0],
            Receive = [.. mappings],
            TelephoneEvents = [.. events.Select(e => new TelephoneEventMapping(e.PayloadType, e.ClockRate))],
            TelephoneEventSend = EventFor(events, mappings[0])?.PayloadType,
            TelephoneEventRate = EventFor(events, mappings[0])?.ClockRate ?? 0,
            LocalCrypto = localCrypto,
            RemoteCrypto = remoteCrypto,
        });
    }

    private static NegotiatedMedia Describe(SdpSession session, SdpMedia media, int index, SipSlot slot, SdpDirection wanted, ImmutableArray<RtpMapping> remote)
    {
        var connection = session.ConnectionOf(media);
        var zero = connection is { IsZero: true };
        var direction = session.DirectionOf(media) & (zero ? SdpDirection.SendOnly : SdpDirection.SendRecv);
        var address = zero ? null : connection?.Address;
        var rtp = address is null ? null : new IPEndPoint(address, media.Port);
        var (rtcpAddress, rtcpPort) = SdpRtcp.Read(media, address);
        return new()
        {
            Index = index,
            Kind = media.Kind,
            Protocol = media.Protocol,
            RemoteRtp = rtp,
            RemoteRtcp = slot.RtcpMux ? rtp : rtcpAddress is null || rtcpPort == 0 ? null : new IPEndPoint(rtcpAddress, rtcpPort),
            RemoteHost = connection is { Address: null } named ? named.HostPart : null,
            RemotePort = media.Port,
            RtcpMux = slot.RtcpMux,
            Direction = wanted & direction.Reverse(),
            RemoteHold = !direction.Receives(),
            FeedbackPli = remote.Any(m => m.HasFeedback("nack pli")),
            FeedbackFir = remote.Any(m => m.HasFeedback("ccm fir")),
            FeedbackNack = remote.Any(m => m.HasFeedback("nack")),
            PacketTimeMs = media.PacketTimeMs,
            MaxPacketTimeMs = media.MaxPacketTimeMs,
            RemoteKbps = media.BandwidthKbps,
            RemoteSsrcs = [.. SdpSsrc.Read(media).Select(s => s.Ssrc).Distinct()],
        };
    }

    // Same number first, for an answer that leaves out packetization-mode still means the type it was offered.
    private static LocalPayload? FindLocal(ImmutableArray<LocalPayload> ours, RtpMapping remote)
    {
        if (remote.Codec is { } codec)
        {
            if (codec == Codec.H264 && remote.PacketizationMode > 1) return null;
            LocalPayload[] same = [.. ours.Where(p => p.Codec == codec)];
            return Array.Find(same, p => p.PayloadType == remote.PayloadType)
                ?? Array.Find(same, p => p.PacketizationMode == remote.PacketizationMode)
                ?? same.FirstOrDefault();
        }

        return remote.IsTelephoneEvent ? ours.FirstOrDefault(p => p.Codec is null && p.ClockRate == remote.ClockRate) : null;
    }

    // The offerer's order decides (RFC 3264 section 6.1); of one codec's H.264 types mode 1 goes first.
    private static ImmutableArray<RtpMapping> Common(SipMediaOptions options, MediaKind? kind, ImmutableArray<RtpMapping> remote)
    {
        var codecs = options.CodecsOf(kind);
        ImmutableArray<RtpMapping> common = [.. remote.Where(m => m.Codec is { } c && codecs.Contains(c) && m.PacketizationMode <= 1)];
        if (common.IsEmpty) return common;
        RtpMapping[] first = [.. common.Where(m => m.Codec == common[0].Codec).OrderByDescending(m => m.PacketizationMode)];
        return options.AnswerWithOneCodec ? [first[0]] : [.. first, .. common.Except(first)];
    }

    private static ImmutableArray<RtpMapping> Events(ImmutableArray<RtpMapping> remote, ImmutableArray<RtpMapping> codecs)
    {
        RtpMapping[] all = [.. remote.Where(m => m.IsTelephoneEvent)];
        // RFC 4733 section 2.1 wants the clock of the sound; phones that offer Opus with events at 8000 only exist, and mean it.
        RtpMapping[] fitting = [.. all.Where(e => codecs.Any(c => c.ToTrackFormat()!.ClockRate == e.ClockRate))];
        return [.. fitting.Length > 0 ? fitting : all.Take(1)];
    }

    private static RtpMapping? EventFor(ImmutableArray<RtpMapping> remote, PayloadMapping send) =>
        remote.FirstOrDefault(m => m.IsTelephoneEvent && m.ClockRate == send.Format.ClockRate) ?? remote.FirstOrDefault(m => m.IsTelephoneEvent);

    private static (SdpCrypto? Local, SdpCrypto? Remote) ChooseCrypto(SipMediaPort port, SdpMedia media)
    {
        foreach (var remote in SdpCrypto.Read(media))
            foreach (var ours in port.Crypto)
                if (SameSuite(ours, remote)) return (ours with { Tag = remote.Tag }, remote);
        return default;
    }

    private static bool SameSuite(SdpCrypto a, SdpCrypto b) => a.Suite.Equals(b.Suite, StringComparison.OrdinalIgnoreCase);

    private static (SipSlot, NegotiatedMedia) Refuse(SipSlot slot, int index, MediaRefusal why) =>
        (slot.Refuse(), new NegotiatedMedia { Index = index, Kind = slot.Kind, Refusal = why, Protocol = slot.Protocol });
}
