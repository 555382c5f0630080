using SipStreamApp.Media.Net;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>A connection as SIP sees it: who is at its other end, and what has come of the next message.</summary>
/// <param name="peer">The other end.</param>
/// <param name="name">TLS: the name its certificate must be for; else empty.</param>
internal sealed class SipLink(SipEndpoint peer, string name = "")
{
    private volatile string? _problem;

    public SipEndpoint Peer => peer;

    public string Name => name;

    public SipStreamFramer Framer { get; } = new();

    /// <summary>True from the end of the handshake.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Who wants to hear that it is open (null), or why it never was.</summary>
    public List<Action<StreamCloseReason?>> Waiting { get; } = [];

    /// <summary>Why it is not secure, in plain words; set outside the loop.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }
}
