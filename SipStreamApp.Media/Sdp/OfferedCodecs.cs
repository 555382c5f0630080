using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>What somebody who calls can do, before it is decided what to answer.</summary>
/// <param name="Audio">Sound codecs that are known here, in the order of the offer.</param>
/// <param name="Video">Picture codecs that are known here, in the order of the offer.</param>
internal sealed record OfferedCodecs(ImmutableArray<Codec> Audio, ImmutableArray<Codec> Video)
{
    /// <summary>True where there is nothing to agree on.</summary>
    public bool IsEmpty => Audio.IsEmpty && Video.IsEmpty;

    /// <summary>Reads an offer; an empty one asks for ours, so all that is known here is offered. Null where it cannot be read.</summary>
    public static OfferedCodecs? Read(ReadOnlySpan<byte> sdp, ImmutableArray<Codec> audio, ImmutableArray<Codec> video)
    {
        if (sdp.IsEmpty) return new OfferedCodecs(audio, video);
        if (!SdpParser.Parse(sdp, out var session, SdpLimits.Default).IsOk) return null;
        return new OfferedCodecs(Of(session, MediaKind.Audio, audio), Of(session, MediaKind.Video, video));
    }

    // The first line of a kind that is in use: a second one is refused in the answer.
    private static ImmutableArray<Codec> Of(SdpSession session, MediaKind kind, ImmutableArray<Codec> known)
    {
        var media = session.Media.FirstOrDefault(m => m.Kind == kind && m.Port != 0 && SdpProtocol.IsPlainRtp(m.Protocol));
        if (media is null) return [];
        return [.. RtpMappings.Read(media).Where(m => m.PacketizationMode <= 1).Select(m => m.Codec).OfType<Codec>().Distinct().Where(c => known.Contains(c))];
    }
}
