// RFC 7983: one UDP port for all peers. STUN finds its session by our user fragment, everything else by the sender's address.
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>Which session a datagram belongs to. Loop's thread only. An address gets in here only by a check with the right password.</summary>
internal sealed class PeerTable
{
    private readonly Dictionary<ulong, PeerSession> _byUfrag = [];
    private readonly Dictionary<PeerAddress, PeerSession> _byAddress = [];

    public int Addresses => _byAddress.Count;

    /// <summary>False where the fragment is taken: make another.</summary>
    public bool TryAdd(ulong ufrag, PeerSession session) => _byUfrag.TryAdd(ufrag, session);

    public void Remove(ulong ufrag, PeerSession session)
    {
        if (_byUfrag.TryGetValue(ufrag, out var known) && ReferenceEquals(known, session)) _byUfrag.Remove(ufrag);
    }

    /// <summary>The latest check wins: a browser may use a port again for its next session.</summary>
    public void Learn(in PeerAddress address, PeerSession session) => _byAddress[address] = session;

    public void Forget(in PeerAddress address, PeerSession session)
    {
        if (_byAddress.TryGetValue(address, out var known) && ReferenceEquals(known, session)) _byAddress.Remove(address);
    }

    public PeerSession? Find(in PeerAddress address) => _byAddress.GetValueOrDefault(address);

    public PeerSession? FindByCheck(ReadOnlySpan<byte> datagram) =>
        StunMessage.TryParse(datagram, out var message) && IceCredentials.TryKeyOfUsername(message.Username, out var ufrag)
            ? _byUfrag.GetValueOrDefault(ufrag)
            : null;
}
