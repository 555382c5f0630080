using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>What an agent has to tell.</summary>
internal enum IceEventKind
{
    /// <summary>A check from this address carried the right password: its other datagrams may be let in.</summary>
    AddressLearned,

    /// <summary>The address made room for a newer one.</summary>
    AddressForgotten,

    /// <summary>Media goes to this address from now on.</summary>
    Selected,

    /// <summary>No good check for longer than the limit.</summary>
    ConsentLost,
}

/// <summary>One thing an agent has to tell.</summary>
internal readonly record struct IceEvent(IceEventKind Kind, PeerAddress Address);
