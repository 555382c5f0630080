using System.Collections.Immutable;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>What offer and answer came to for one viewer.</summary>
internal sealed record SessionSettings
{
    public required string Id { get; init; }

    public required LiveStream Stream { get; init; }

    public required IceCredentials Local { get; init; }

    public required string RemoteUfrag { get; init; }

    public required ImmutableArray<PeerFingerprint> Fingerprints { get; init; }

    public ViewerTrack? Audio { get; init; }

    public ViewerTrack? Video { get; init; }

    /// <summary>Binds the two tracks together in the browser, so that it keeps them in step.</summary>
    public required string Cname { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
