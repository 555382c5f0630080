using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>What a browser's m= line says about the payload type that is in use.</summary>
internal static class WebRtcMediaReader
{
    public static WebRtcMedia Read(
        SdpMedia media, int index, MediaKind kind, TrackFormat format, RtpMapping chosen, ImmutableArray<RtpMapping> mappings, SdpDirection direction,
        WebRtcAnswerOptions options)
    {
        var rtx = mappings.FirstOrDefault(m => m.RtxFor == chosen.PayloadType)?.PayloadType;
        var extensions = Extensions(media, options);
        return new()
        {
            Index = index,
            Kind = kind,
            Mid = media.Mid ?? "",
            PayloadType = chosen.PayloadType,
            Format = format,
            PacketizationMode = format.Codec == Codec.H264 ? chosen.PacketizationMode : 0,
            SignalledProfileLevelId = format.Codec == Codec.H264 ? SdpFmtp.ProfileLevelId(chosen.Fmtp) : null,
            RtxPayloadType = rtx,
            RtxTaken = rtx is not null && options.TrackOf(kind)?.RtxSsrc is not null,
            Direction = direction,
            Extensions = extensions,
            FeedbackNack = Takes(chosen, options, "nack"),
            FeedbackPli = Takes(chosen, options, "nack pli"),
            FeedbackFir = Takes(chosen, options, "ccm fir"),
            FeedbackTransportWide = Takes(chosen, options, WebRtcFeedback.TransportWide) && extensions.ContainsKey(WebRtcFeedback.TransportWideUri),
            ReducedSize = media.Attributes.Has("rtcp-rsize"),
            RemoteSsrcs = [.. SdpSsrc.Read(media).Select(s => s.Ssrc).Distinct()],
        };
    }

    private static bool Takes(RtpMapping mapping, WebRtcAnswerOptions options, string feedback) =>
        options.Feedback.Contains(feedback) && mapping.HasFeedback(feedback);

    private static ImmutableDictionary<string, int> Extensions(SdpMedia media, WebRtcAnswerOptions options)
    {
        var map = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var (id, uri) in SdpExtMap.Read(media)) if (options.ExtensionUris.Contains(uri)) map.TryAdd(uri, id);
        return map.ToImmutable();
    }
}

/// <summary>Words for feedback about the bit rate.</summary>
internal static class WebRtcFeedback
{
    /// <summary>rtcp-fb value of feedback by packet arrival.</summary>
    public const string TransportWide = "transport-cc";

    /// <summary>The header extension that numbers packets for it.</summary>
    public const string TransportWideUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
}
