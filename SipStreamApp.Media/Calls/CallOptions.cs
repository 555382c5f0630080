using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>Settings of calls, already checked.</summary>
internal sealed record CallOptions
{
    /// <summary>How long a callee may ring.</summary>
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A call without RTP for so long is ended.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an ended call can still be found by its id.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long the servers of an identity that cannot be reached are looked up again, and after a refusal it is tried again.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan JitterTarget { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Address named in SDP instead of the local one; null: the one that routes to the peer.</summary>
    public IPAddress? PublicAddress { get; init; }

    /// <summary>Range of the RTP ports as written, for messages.</summary>
    public string RtpPorts { get; init; } = "";

    public ImmutableArray<Codec> AudioCodecs { get; init; } = [Codec.Opus, Codec.Pcmu, Codec.Pcma, Codec.G722];

    public ImmutableArray<Codec> VideoCodecs { get; init; } = [Codec.H264, Codec.Vp8];

    public int MaxCalls { get; init; } = 500;

    /// <summary>Who may be called.</summary>
    public CallRules Rules { get; init; } = CallRules.None;

    /// <summary>Calls of one owner at once; 0: any number.</summary>
    public int MaxOfOwner { get; init; }

    /// <summary>Calls one owner may start in a minute; 0: any number.</summary>
    public int OwnerPerMinute { get; init; }
}
