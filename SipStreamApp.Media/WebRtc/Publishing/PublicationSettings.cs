using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.WebRtc.Publishing;

/// <summary>What offer and answer came to for one track that a browser sends.</summary>
/// <param name="Kind">Sound or picture.</param>
/// <param name="Format">What it carries, before anything was seen of it.</param>
/// <param name="PayloadType">The number it comes under.</param>
/// <param name="Local">The SSRC our reports about it come from.</param>
internal sealed record PublishedMedia(MediaKind Kind, TrackFormat Format, PayloadType PayloadType, Ssrc Local)
{
    /// <summary>The number its retransmissions come under (RFC 4588); null: they come as the packets they were.</summary>
    public PayloadType? Rtx { get; init; }

    /// <summary>The browser sends missing packets again.</summary>
    public bool Nack { get; init; }
}

/// <summary>What offer and answer came to for all that a browser sends.</summary>
internal sealed record PublicationSettings
{
    /// <summary>Where it goes; ended with the session.</summary>
    public required StreamPublisher Publisher { get; init; }

    public required MediaFramePool Frames { get; init; }

    public PublishedMedia? Audio { get; init; }

    public PublishedMedia? Video { get; init; }

    public required string Cname { get; init; }

    /// <summary>Id of the header extension that numbers packets for feedback about the line; 0: not agreed.</summary>
    public int TransportWideId { get; init; }

    /// <summary>RTCP feedback may go out without a report (RFC 5506).</summary>
    public bool ReducedSize { get; init; }

    /// <summary>Jitter buffer target of the sound; zero passes packets on as they come in order, as is always done with the picture.</summary>
    public TimeSpan JitterTarget { get; init; } = TimeSpan.FromMilliseconds(60);
}
