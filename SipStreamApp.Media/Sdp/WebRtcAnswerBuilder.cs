// RFC 9429 section 5.3.1: the text of an answer.
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class WebRtcAnswerBuilder
{
    /// <param name="offer">The browser's offer.</param>
    /// <param name="options">Our end.</param>
    /// <param name="accepted">The lines in use.</param>
    /// <param name="inactive">Index of a line kept inactive because the BUNDLE group hangs on it; -1: none.</param>
    public static SdpSession Build(SdpSession offer, WebRtcAnswerOptions options, IReadOnlyList<WebRtcMedia> accepted, int inactive)
    {
        var session = new SdpSession
        {
            Origin = new("-", $"{options.SessionId}", $"{options.SessionVersion}", new SdpConnection(IPAddress.Loopback)),
        };
        var withCandidates = true;
        var mids = new List<string>();
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var remote = offer.Media[i];
            var use = accepted.FirstOrDefault(m => m.Index == i);
            if (use is null && i != inactive)
            {
                session.Media.Add(Refused(remote, options));
                continue;
            }

            var media = Common(remote, options, ref withCandidates);
            if (use is not null) WriteTrack(media, remote, use, options);
            else WriteInactive(media, remote);
            if (remote.Mid is { } mid && offer.Bundle.Contains(mid)) mids.Add(mid);
            session.Media.Add(media);
        }

        session.Attributes.Add("ice-lite");
        if (mids.Count > 0) session.Attributes.Add("group", $"BUNDLE {string.Join(' ', mids)}");
        session.Attributes.Add("msid-semantic", $"WMS {options.StreamId}");
        return session;
    }

    private static SdpMedia Common(SdpMedia remote, WebRtcAnswerOptions options, ref bool withCandidates)
    {
        var media = new SdpMedia { Type = remote.Type, Port = 9, Protocol = remote.Protocol, Connection = new SdpConnection(IPAddress.Any) };
        WebRtcLines.WriteTransport(media, options, "passive", withCandidates);
        withCandidates = false;
        if (remote.Mid is { } mid) media.Attributes.Add("mid", mid);
        return media;
    }

    private static void WriteTrack(SdpMedia media, SdpMedia remote, WebRtcMedia use, WebRtcAnswerOptions options)
    {
        var a = media.Attributes;
        foreach (var (uri, id) in use.Extensions.OrderBy(e => e.Value)) a.Add("extmap", $"{id} {uri}");
        a.Add(use.Direction.ToAttribute());
        var track = options.TrackOf(use.Kind)!;
        if (use.Direction.Sends()) a.Add("msid", WebRtcLines.Msid(use.Kind, options));
        a.Add("rtcp-mux");
        if (remote.Attributes.Has("rtcp-rsize")) a.Add("rtcp-rsize");
        var mappings = RtpMappings.Read(remote);
        WritePayload(media, mappings.First(m => m.PayloadType == use.PayloadType), options);
        var rtx = use.RtxTaken ? track.RtxSsrc : null;
        if (rtx is not null) WritePayload(media, mappings.First(m => m.PayloadType == use.RtxPayloadType), options);
        if (use.Direction.Sends()) WebRtcLines.WriteSources(media, use.Kind, track, rtx, options);
    }

    private static void WriteInactive(SdpMedia media, SdpMedia remote)
    {
        media.Attributes.Add("inactive");
        media.Attributes.Add("rtcp-mux");
        var mappings = RtpMappings.Read(remote);
        WritePayload(media, mappings.FirstOrDefault(m => m.Codec is not null) ?? mappings[0], null);
    }

    private static void WritePayload(SdpMedia media, RtpMapping mapping, WebRtcAnswerOptions? options)
    {
        var pt = mapping.PayloadType.ToString();
        media.Formats.Add(pt);
        media.Attributes.Add("rtpmap", $"{pt} {mapping.Name}/{mapping.ClockRate}{(mapping.Channels > 1 ? $"/{mapping.Channels}" : "")}");
        if (mapping.Fmtp.Length > 0) media.Attributes.Add("fmtp", $"{pt} {mapping.Fmtp}");
        if (options is null) return;
        foreach (var feedback in options.Feedback) if (mapping.HasFeedback(feedback)) media.Attributes.Add("rtcp-fb", $"{pt} {feedback}");
    }

    private static SdpMedia Refused(SdpMedia remote, WebRtcAnswerOptions options)
    {
        var media = new SdpMedia { Type = remote.Type, Protocol = remote.Protocol, Connection = new SdpConnection(IPAddress.Any) };
        media.Formats.AddRange(remote.Formats.Count == 0 ? ["0"] : remote.Formats);
        if (remote.Mid is { } mid) media.Attributes.Add("mid", mid);
        media.Attributes.Add("inactive");
        // An answer does not say whether there is no picture, or only none for this browser. Ours does, for players that know another way.
        var track = remote.Type == "video" ? options.Video : remote.Type == "audio" ? options.Audio : null;
        if (track is { Formats.IsEmpty: false }) media.Attributes.Add("x-no-common-codec");
        return media;
    }
}
