using System.Collections.Immutable;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Publishing;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>What offer and answer came to for one browser.</summary>
internal sealed record SessionSettings
{
    public required string Id { get; init; }

    /// <summary>What it watches; null where it only sends, and where that stream is not live yet.</summary>
    public LiveStream? Stream { get; init; }

    /// <summary>What it sends; null where it only watches.</summary>
    public PublicationSettings? Publication { get; init; }

    public required IceCredentials Local { get; init; }

    public required string RemoteUfrag { get; init; }

    public required ImmutableArray<PeerFingerprint> Fingerprints { get; init; }

    public ViewerTrack? Audio { get; init; }

    public ViewerTrack? Video { get; init; }

    /// <summary>Binds the two tracks together in the browser, so that it keeps them in step.</summary>
    public required string Cname { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
