// RFC 9429 section 5.2 (offers) with RFC 8843 (BUNDLE), RFC 8839 (ICE) and RFC 8842 (DTLS): our offer, and the browser's answer to it.
using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>An offer of ours, as far as the answer is read against it.</summary>
/// <param name="Sdp">The text.</param>
/// <param name="Kinds">What each m= line is, in order.</param>
internal sealed record WebRtcOffer(string Sdp, ImmutableArray<MediaKind> Kinds);

/// <summary>Makes an offer to a browser and reads its answer. Keeps nothing between calls.</summary>
internal static class WebRtcOfferer
{
    // Constrained baseline: what every browser has. The picture's own profile stands before it.
    private const string UsualProfile = "42e01f";

    /// <summary>One m= line for each track, all formats in their order, one transport for all.</summary>
    public static WebRtcOffer Offer(WebRtcAnswerOptions options)
    {
        var session = new SdpSession
        {
            Origin = new("-", $"{options.SessionId}", $"{options.SessionVersion}", new SdpConnection(IPAddress.Loopback)),
        };
        var kinds = ImmutableArray.CreateBuilder<MediaKind>();
        foreach (var kind in (ReadOnlySpan<MediaKind>)[MediaKind.Audio, MediaKind.Video])
        {
            if (options.TrackOf(kind) is not { Formats.IsEmpty: false } track) continue;
            session.Media.Add(Line(kind, kinds.Count, track, options));
            kinds.Add(kind);
        }

        session.Attributes.Add("ice-lite");
        session.Attributes.Add("group", $"BUNDLE {string.Join(' ', kinds.Select((_, i) => i))}");
        session.Attributes.Add("msid-semantic", $"WMS {options.StreamId}");
        return new WebRtcOffer(SdpWriter.Write(session), kinds.ToImmutable());
    }

    /// <summary>Reads the browser's answer: of each line the first payload type that we offered is the one both ends use.</summary>
    public static WebRtcNegotiation ReadAnswer(ReadOnlySpan<byte> text, WebRtcOffer offer, WebRtcAnswerOptions options)
    {
        var problem = SdpParser.Parse(text, out var answer, options.Limits);
        if (!problem.IsOk) return new(problem);
        var media = ImmutableArray.CreateBuilder<WebRtcMedia>();
        var refusals = ImmutableArray.CreateBuilder<MediaRefusal>();
        for (var i = 0; i < offer.Kinds.Length; i++)
        {
            var refusal = Read(answer, i, offer.Kinds[i], options, out var accepted);
            refusals.Add(refusal);
            if (accepted is not null) media.Add(accepted);
        }

        var all = refusals.ToImmutable();
        if (media.Count == 0) return new(new SdpProblem(all.Contains(MediaRefusal.NoCommonCodec) ? SdpStatus.NoCommonCodec : SdpStatus.NoMedia)) { Refusals = all };
        var remote = WebRtcAnswerer.ReadTransport(answer, media, answer.Bundle);
        var line = answer.Media[media[0].Index].Line;
        if (remote.IceUfrag is null || remote.IcePwd is null) return new(new SdpProblem(SdpStatus.MissingTransport, line, "ice-ufrag, ice-pwd"));
        if (remote.Fingerprints.IsEmpty) return new(new SdpProblem(SdpStatus.MissingTransport, line, "fingerprint"));
        // RFC 8842 section 5.3: the answerer chooses. We offered both and can only wait; browsers open the connection, as they should.
        if (remote.Setup is not DtlsSetup.Active) return new(new SdpProblem(SdpStatus.UnsupportedTransport, line, "setup"));
        if (remote.IceLite) return new(new SdpProblem(SdpStatus.UnsupportedTransport, line, "ice-lite"));
        return new(default(SdpProblem)) { Media = media.ToImmutable(), Refusals = all, Remote = remote };
    }

    private static MediaRefusal Read(SdpSession answer, int index, MediaKind kind, WebRtcAnswerOptions options, out WebRtcMedia? accepted)
    {
        accepted = null;
        if (index >= answer.Media.Count || answer.Media[index].Kind != kind) return MediaRefusal.MissingInAnswer;
        var media = answer.Media[index];
        if (media.Port == 0) return MediaRefusal.ByPeer;
        if (!media.RtcpMux) return MediaRefusal.UnsupportedTransport;
        var direction = answer.DirectionOf(media).Reverse() & options.Direction;
        if (direction == SdpDirection.Inactive) return MediaRefusal.ByPeer;
        var mappings = RtpMappings.Read(media);
        foreach (var mapping in mappings)
        {
            if (mapping.PacketizationMode > 1 || options.TrackOf(kind)!.Formats.FirstOrDefault(f => f.Codec == mapping.Codec) is not { } format) continue;
            accepted = WebRtcMediaReader.Read(media, index, kind, format, mapping, mappings, direction, options);
            return MediaRefusal.None;
        }

        return MediaRefusal.NoCommonCodec;
    }

    private static SdpMedia Line(MediaKind kind, int index, WebRtcTrack track, WebRtcAnswerOptions options)
    {
        var media = new SdpMedia
        {
            Type = kind == MediaKind.Audio ? "audio" : "video", Port = 9, Protocol = SdpProtocol.DtlsSavpf, Connection = new SdpConnection(IPAddress.Any),
        };
        WebRtcLines.WriteTransport(media, options, "actpass", withCandidates: index == 0);
        var a = media.Attributes;
        a.Add("mid", SdpText.Number(index));
        for (var i = 0; i < options.ExtensionUris.Length; i++) a.Add("extmap", $"{i + 1} {options.ExtensionUris[i]}");
        a.Add(options.Direction.ToAttribute());
        if (options.Direction.Sends()) a.Add("msid", WebRtcLines.Msid(kind, options));
        a.Add("rtcp-mux");
        a.Add("rtcp-rsize");
        foreach (var format in track.Formats.DistinctBy(f => f.Codec)) WriteFormat(media, format, track.RtxSsrc is not null, options);
        if (options.Direction.Sends()) WebRtcLines.WriteSources(media, kind, track, track.RtxSsrc, options);
        return media;
    }

    private static void WriteFormat(SdpMedia media, TrackFormat format, bool withRtx, WebRtcAnswerOptions options)
    {
        var number = format.Codec switch
        {
            Codec.Pcmu => 0,
            Codec.Pcma => 8,
            Codec.G722 => 9,
            Codec.Opus => 111,
            Codec.Vp8 => 96,
            Codec.H264 => 102,
            _ => -1,
        };
        if (number < 0) return;
        string[] parameters = format.Codec switch
        {
            Codec.Opus => ["minptime=10;useinbandfec=1"],
            Codec.H264 => [.. ((ReadOnlySpan<string>)[format.ProfileLevelId ?? UsualProfile, UsualProfile]).ToArray().Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(p => $"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={p}")],
            _ => [""],
        };
        foreach (var fmtp in parameters)
        {
            WritePayload(media, number, $"{format.EncodingName}/{format.ClockRate}{(format.Channels == 2 ? "/2" : "")}", fmtp, format.Kind, options);
            if (format.Kind == MediaKind.Video && withRtx) WritePayload(media, number + 1, $"rtx/{format.ClockRate}", $"apt={number}", null, options);
            number += 2;
        }
    }

    private static void WritePayload(SdpMedia media, int number, string rtpmap, string fmtp, MediaKind? feedbackFor, WebRtcAnswerOptions options)
    {
        var pt = SdpText.Number(number);
        media.Formats.Add(pt);
        media.Attributes.Add("rtpmap", $"{pt} {rtpmap}");
        if (fmtp.Length > 0) media.Attributes.Add("fmtp", $"{pt} {fmtp}");
        if (feedbackFor is null) return;
        // Sound is not sent again, nor does it have keyframes: of it only the arrivals are told.
        foreach (var feedback in options.Feedback)
            if (feedbackFor == MediaKind.Video || feedback == WebRtcFeedback.TransportWide) media.Attributes.Add("rtcp-fb", $"{pt} {feedback}");
    }
}
