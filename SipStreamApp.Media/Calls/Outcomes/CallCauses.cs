using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Outcomes;

/// <summary>Says in plain words why a call ended, and what to do about it. One row per cause; the raw SIP line always goes with it.</summary>
internal static class CallCauses
{
    public static CallEnd HungUpHere { get; } = Normal("hung-up-here", "Hung up from here");

    public static CallEnd HungUpThere { get; } = Normal("hung-up-there", "The other side hung up");

    public static CallEnd Registered { get; } = Normal("registered", "The server took the registration");

    public static CallEnd ShutDown { get; } = Normal("server-shutdown", "The server was stopped");

    public static CallEnd CancelledHere { get; } = Normal("cancelled", "Cancelled before it was answered");

    public static CallEnd StreamTerminated { get; } = Normal("stream-terminated", "Its stream was ended from here");

    public static CallEnd CancelledThere { get; } = Normal("cancelled-there", "The caller gave up before it was answered");

    public static CallEnd RejectedHere { get; } = Normal("rejected-here", "Refused from here");

    public static CallEnd ForbiddenHere { get; } = Normal("forbidden-here", "Refused by the application that takes its calls");

    public static CallEnd Transferred { get; } = Normal("transferred", "The other side was connected to somebody else");

    public static CallEnd NotAnsweredHere(TimeSpan after) => Normal("not-answered-here", $"Not answered here within {after.TotalSeconds:F0} seconds");

    public static CallEnd HungUpThereFor(string why) => Normal("hung-up-there", $"The other side hung up: {why}");

    public static CallEnd NoAnswer(TimeSpan after) => Failed(
        "no-answer", Blame.Peer, $"Nobody answered within {after.TotalSeconds:F0} seconds", "The phone rang. Call again later, or raise Sip:RingTimeoutSeconds.");

    public static CallEnd NoReply(string where) => Failed(
        "no-reply", Blame.Network, $"The SIP server at {where} did not answer",
        "Check the address, port and transport, and that no firewall is between. Try TCP if the server speaks it.");

    public static CallEnd Unreachable(string where, string raw) => Failed(
        "unreachable", Blame.Network, $"Nothing listens at {where}", "Check the SIP server's address and port, and that it is running.") with { Raw = raw };

    public static CallEnd Untrusted(string where, string problem) => Failed(
        "tls-failed", Blame.Peer, $"No secure connection to {where}: {problem}",
        "The certificate must be valid now, be for the SIP domain, and come from an authority that is trusted here. Name another authority by Sip:TlsAuthorities; on a closed network Sip:TlsVerify false takes any.");

    public static CallEnd NameNotFound(string host, string raw) => Failed(
        "name-not-found", Blame.Caller, $"\"{host}\" was not found", "Check the spelling of the domain and of the outbound proxy.") with { Raw = raw };

    /// <summary>The same as what stood in the way before anything was sent.</summary>
    public static CallEnd Of(Failure failure) => new(failure.Code, true, failure.Blame, failure.Title, failure.Advice, null, null);

    public static CallEnd BadAddress(string what) => Failed(
        "bad-address", Blame.Caller, $"\"{what}\" is not a SIP address", "Use a number, user@host or sip:user@host.");

    public static CallEnd NoCommonCodec(string raw) => Failed(
        "no-common-codec", Blame.Peer, "No common sound or picture format",
        "Turn on one of opus, PCMU, PCMA, G722 or H264, VP8 at the other side, or call with sound only.") with { Raw = raw };

    public static CallEnd BadSdp(string raw) => Failed(
        "bad-sdp", Blame.Peer, "The answer's media description could not be understood",
        "The other side sent a malformed SDP; the raw reason is below.") with { Raw = raw };

    public static CallEnd NoMedia(TimeSpan after, string where) => Failed(
        "no-media", Blame.Network, $"Answered, but no sound or picture came for {after.TotalSeconds:F0} seconds",
        $"Media is blocked on its way to {where}. Check NAT, firewall and Media:PublicAddress.");

    public static CallEnd Undecodable(long packets, int payloadType) => Failed(
        "undecodable", Blame.Peer, "Sound or picture came that cannot be decoded",
        "The other side sends a format that was not agreed on: compare its codec settings with the answer it gave.") with
    {
        Raw = $"{packets} RTP packets, the last one of payload type {payloadType}",
    };

    public static CallEnd MediaStopped(TimeSpan after) => Failed(
        "media-stopped", Blame.Network, $"Sound and picture stopped {after.TotalSeconds:F0} seconds ago",
        "The other side vanished without hanging up: its network or power went.");

    public static CallEnd PortsExhausted(string range) => Failed(
        "ports-exhausted", Blame.Server, "No RTP port is free", $"All ports of Media:RtpPorts ({range}) are in use. Widen the range or end some calls.");

    public static CallEnd Internal(string raw) => Failed(
        "internal-error", Blame.Server, "The server failed to carry the call", "This is a defect; the log has the details.") with { Raw = raw };

    public static CallEnd RegistrationFailed(CallEnd why) => why with
    {
        Title = "Registration failed: " + char.ToLowerInvariant(why.Title[0]) + why.Title[1..],
    };

    private static CallEnd Normal(string code, string title) => new(code, false, null, title, "", null, null);

    private static CallEnd Failed(string code, Blame blame, string title, string advice) => new(code, true, blame, title, advice, null, null);
}
