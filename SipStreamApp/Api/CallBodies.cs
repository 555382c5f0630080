namespace SipStreamApp.Api;

/// <summary>Body of <c>/call/startup</c> as it arrives.</summary>
internal sealed record CallStartupBody
{
    public LooseValue CallId { get; init; }
    public LooseValue Callee { get; init; }
    public LooseValue ToStream { get; init; }
    public LooseValue RtmpUrl { get; init; }
    public LooseValue RtmpStream { get; init; }
    public LooseValue HasAudio { get; init; }
    public LooseValue HasVideo { get; init; }
    public LooseValue SipLogin { get; init; }
    public LooseValue SipAuthenticationName { get; init; }
    public LooseValue SipPassword { get; init; }
    public LooseValue VisibleName { get; init; }
    public LooseValue SipDomain { get; init; }
    public LooseValue SipOutboundProxy { get; init; }
    public LooseValue SipPort { get; init; }
    public LooseValue SipTransport { get; init; }
    public LooseValue AppKey { get; init; }
    public LooseValue SipRegisterRequired { get; init; }
}

/// <summary>Body of what is done to a call (<c>/call/send_dtmf</c>, <c>/call/inject_sound</c>, <c>/call/transfer</c> …) as it arrives.</summary>
internal sealed record CallControlBody
{
    public LooseValue CallId { get; init; }
    public LooseValue Dtmf { get; init; }
    public LooseValue Type { get; init; }
    public LooseValue FileName { get; init; }
    public LooseValue StreamName { get; init; }
    public LooseValue Target { get; init; }
}

/// <summary>Body of <c>/call/find</c> and <c>/call/terminate</c> as it arrives.</summary>
internal sealed record CallFilterBody
{
    public LooseValue CallId { get; init; }
    public LooseValue Callee { get; init; }
    public LooseValue RtmpUrl { get; init; }
    public LooseValue Status { get; init; }
}
