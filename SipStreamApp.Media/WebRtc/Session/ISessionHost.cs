using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Publishing;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>What a session needs of its host. Loop's thread only.</summary>
internal interface ISessionHost
{
    PeerTable Peers { get; }

    /// <summary>The keys are there: media may start.</summary>
    void OnSecured(PeerSession session, Instant now);

    /// <summary>The session is over and sends nothing more.</summary>
    void OnClosed(PeerSession session, bool wasSecured, SessionEnd end, string detail);

    /// <summary>Drains the publication when the datagrams that are there have been read.</summary>
    void DrainLater(Publication publication);

    /// <summary>Sends one packet again where it still can.</summary>
    bool Resend(PeerSession session, ViewerTrack track, ushort sequence);
}
