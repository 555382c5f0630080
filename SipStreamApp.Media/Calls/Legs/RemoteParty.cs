// RFC 4961: symmetric RTP; the peer is where its packets come from, whatever its SDP said behind a NAT.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>Where to send RTP and RTCP: as signalled, until packets that belong to the call keep coming from elsewhere.</summary>
internal sealed class RemoteParty(int latchPackets)
{
    private PeerAddress _candidate;
    private int _seen;
    private bool _rtcpSignalled;

    /// <summary>Where RTP goes; empty before anything is known.</summary>
    public PeerAddress Rtp { get; private set; }

    /// <summary>Where RTCP goes; empty before anything is known.</summary>
    public PeerAddress Rtcp { get; private set; }

    /// <summary>A new description names the addresses; what was learned before no longer counts where it differs.</summary>
    public void Signal(PeerAddress rtp, PeerAddress rtcp)
    {
        (Rtp, Rtcp, _rtcpSignalled) = (rtp, rtcp.IsEmpty ? rtp.WithPort(rtp.Port + 1) : rtcp, !rtcp.IsEmpty);
        (_candidate, _seen) = (default, 0);
    }

    /// <summary>A packet that the receiver took came from there. A single forged one must not turn our media away.</summary>
    public void HeardRtp(in PeerAddress from)
    {
        if (from == Rtp)
        {
            _seen = 0;
            return;
        }

        _seen = from == _candidate ? _seen + 1 : 1;
        _candidate = from;
        if (!Rtp.IsEmpty && _seen < latchPackets) return;
        if (!_rtcpSignalled || Rtcp == Rtp || !Rtcp.SameHost(from)) Rtcp = Rtcp == Rtp ? from : from.WithPort(from.Port + 1);
        Rtp = from;
        _seen = 0;
    }

    /// <summary>Readable RTCP came from there.</summary>
    public void HeardRtcp(in PeerAddress from)
    {
        // Only from the host that sends the media: the port may be any behind a NAT.
        if (Rtp.IsEmpty || from.SameHost(Rtp)) Rtcp = from;
    }
}
