using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling.Session;

/// <summary>What a session is made with.</summary>
/// <param name="SessionId">Names it; unguessable.</param>
/// <param name="AuthToken">Key of its media sockets; unguessable.</param>
/// <param name="NodeId">Names this process in hooks, <c>token@address</c>.</param>
/// <param name="RemoteAddress">Where the client comes from, <c>address:port</c>.</param>
/// <param name="Started">Now, on the monotonic clock.</param>
/// <param name="StartedUtc">Now, on the wall clock.</param>
/// <param name="Ids">The media session ids in use on this node.</param>
internal sealed record SessionSetup(
    string SessionId, string AuthToken, string NodeId, string RemoteAddress, Instant Started, DateTimeOffset StartedUtc, MediaIds Ids)
{
    /// <summary>What the client may do before it has said anything; everything where no login is required.</summary>
    public ClientRights Rights { get; init; } = ClientRights.All;

    /// <summary>How long a session lives on without its connection where its client asked for that (<c>keepAlive</c>); zero: not at all.</summary>
    public TimeSpan KeepFor { get; init; }
}
