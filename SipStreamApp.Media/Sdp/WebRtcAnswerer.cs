// RFC 9429 section 5.3 (answers) with RFC 8843 (BUNDLE), RFC 8839 (ICE) and RFC 8842 (DTLS): the answer to a browser's offer.
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>Reads a browser's offer and makes our answer. Keeps nothing between calls.</summary>
internal static class WebRtcAnswerer
{
    public static WebRtcNegotiation Answer(ReadOnlySpan<byte> offer, WebRtcAnswerOptions options)
    {
        var problem = SdpParser.Parse(offer, out var session, options.Limits);
        return problem.IsOk ? Answer(session, options) : new(problem);
    }

    public static WebRtcNegotiation Answer(SdpSession offer, WebRtcAnswerOptions options)
    {
        var bundle = offer.Bundle;
        var media = ImmutableArray.CreateBuilder<WebRtcMedia>();
        var refusals = ImmutableArray.CreateBuilder<MediaRefusal>();
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var refusal = Decide(offer, i, bundle, options, media, out var accepted);
            refusals.Add(refusal);
            if (accepted is not null) media.Add(accepted);
        }

        if (media.Count == 0) return new(NothingLeft(offer, refusals)) { Refusals = refusals.ToImmutable() };
        var remote = ReadTransport(offer, media, bundle);
        var line = offer.Media[media[0].Index].Line;
        if (remote.IceUfrag is null || remote.IcePwd is null) return new(new SdpProblem(SdpStatus.MissingTransport, line, "ice-ufrag, ice-pwd"));
        if (remote.Fingerprints.IsEmpty) return new(new SdpProblem(SdpStatus.MissingTransport, line, "fingerprint"));
        // We answer DTLS and do not open it; two ICE-lite ends would both wait for a check (RFC 8445 section 6.1.1).
        if (remote.Setup is DtlsSetup.Passive or DtlsSetup.HoldConn) return new(new SdpProblem(SdpStatus.UnsupportedTransport, line, "setup"));
        if (remote.IceLite) return new(new SdpProblem(SdpStatus.UnsupportedTransport, line, "ice-lite"));
        return new(default(SdpProblem))
        {
            AnswerSdp = SdpWriter.Write(WebRtcAnswerBuilder.Build(offer, options, media, KeptForBundle(offer, bundle, media))),
            Media = media.ToImmutable(),
            Refusals = refusals.ToImmutable(),
            Remote = remote,
        };
    }

    private static MediaRefusal Decide(
        SdpSession offer, int index, IReadOnlyList<string> bundle, WebRtcAnswerOptions options, ImmutableArray<WebRtcMedia>.Builder taken, out WebRtcMedia? accepted)
    {
        accepted = null;
        var media = offer.Media[index];
        // RFC 8843 section 6: a bundle-only line has port 0 and is on offer all the same.
        if (media.Port == 0 && !media.Attributes.Has("bundle-only")) return MediaRefusal.ByPeer;
        if (media.Kind is not { } kind || options.TrackOf(kind) is not { Formats.IsEmpty: false } track) return MediaRefusal.NotWanted;
        if (taken.Any(m => m.Kind == kind)) return MediaRefusal.Duplicate;
        var inBundle = media.Mid is { } mid && bundle.Contains(mid);
        // All media share one transport here: outside of the group only a line that is alone can be served.
        if (!IsReachable(media) || (!inBundle && (bundle.Count > 0 || taken.Count > 0))) return MediaRefusal.UnsupportedTransport;
        var direction = offer.DirectionOf(media).Reverse() & options.Direction;
        if (direction == SdpDirection.Inactive) return MediaRefusal.NotWanted;
        var mappings = RtpMappings.Read(media);
        foreach (var format in track.Formats)
        {
            if (WebRtcCodecChoice.Choose(mappings, format) is not { } chosen) continue;
            accepted = WebRtcMediaReader.Read(media, index, kind, format, chosen, mappings, direction, options);
            return MediaRefusal.None;
        }

        return MediaRefusal.NoCommonCodec;
    }

    private static bool IsReachable(SdpMedia media) =>
        (SdpProtocol.IsDtls(media.Protocol) || SdpProtocol.IsSecureRtp(media.Protocol)) && media.RtcpMux;

    // The group's first line carries the transport in some browsers' offers: refusing it would take the transport away, so it
    // stays, inactive, even where we have nothing for it (RFC 8843 section 7.3.1).
    private static int KeptForBundle(SdpSession offer, IReadOnlyList<string> bundle, IReadOnlyList<WebRtcMedia> media)
    {
        if (bundle.Count == 0) return -1;
        var first = offer.Media.FindIndex(m => m.Mid == bundle[0]);
        if (first < 0 || media.Any(m => m.Index == first)) return -1;
        var line = offer.Media[first];
        return line.Kind is not null && line.Port != 0 && IsReachable(line) && !RtpMappings.Read(line).IsEmpty ? first : -1;
    }

    internal static SdpTransport ReadTransport(SdpSession offer, IReadOnlyList<WebRtcMedia> accepted, IReadOnlyList<string> bundle)
    {
        SdpTransport[] lines =
        [
            .. offer.Media.Where(m => m.Mid is { } mid && bundle.Count > 0 && mid == bundle[0]).Take(1).Select(m => SdpTransport.Read(offer, m)),
            .. accepted.Select(m => SdpTransport.Read(offer, offer.Media[m.Index])),
        ];
        var main = lines.FirstOrDefault(t => t is { IceUfrag: not null, IcePwd: not null }) ?? lines[0];
        return main with
        {
            Fingerprints = main.Fingerprints.IsEmpty ? lines.FirstOrDefault(t => !t.Fingerprints.IsEmpty)?.Fingerprints ?? [] : main.Fingerprints,
            Setup = main.Setup == DtlsSetup.None ? lines.Select(t => t.Setup).FirstOrDefault(s => s != DtlsSetup.None) : main.Setup,
            Candidates = [.. lines.SelectMany(t => t.Candidates).Distinct()],
            EndOfCandidates = lines.Any(t => t.EndOfCandidates),
        };
    }

    private static SdpProblem NothingLeft(SdpSession offer, ImmutableArray<MediaRefusal>.Builder refusals)
    {
        foreach (var (refusal, status) in (ReadOnlySpan<(MediaRefusal, SdpStatus)>)
            [(MediaRefusal.NoCommonCodec, SdpStatus.NoCommonCodec), (MediaRefusal.UnsupportedTransport, SdpStatus.UnsupportedTransport)])
        {
            for (var i = 0; i < refusals.Count; i++)
                if (refusals[i] == refusal) return new(status, offer.Media[i].Line, offer.Media[i].Type);
        }

        return new(SdpStatus.NoMedia);
    }
}
