using SipStreamApp.Media.Recording;

namespace SipStreamApp.Media.Hosting;

/// <summary>Settings of the media engine (sections Sip, Media, WebRtc, Recording and Limits of appsettings.json).</summary>
public sealed record EngineOptions
{
    /// <summary>Signalling.</summary>
    public SipOptions Sip { get; init; } = new();

    /// <summary>RTP on the SIP side.</summary>
    public MediaOptions Media { get; init; } = new();

    /// <summary>Viewers by WebRTC.</summary>
    public WebRtcOptions WebRtc { get; init; } = new();

    /// <summary>Streams sent on to other servers.</summary>
    public PushOptions Push { get; init; } = new();

    /// <summary>Recording.</summary>
    public RecordingOptions Recording { get; init; } = new();

    /// <summary>Where hooks, the webhook and pushes may go.</summary>
    public OutgoingOptions Outgoing { get; init; } = new();

    /// <summary>Who may be called.</summary>
    public CallsOptions Calls { get; init; } = new();

    /// <summary>Upper bounds.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>Absolute folder for keys and certificates; created where missing.</summary>
    public string DataDirectory { get; init; } = "data";
}

/// <summary>Settings of SIP signalling.</summary>
public sealed record SipOptions
{
    /// <summary>Local address to bind; "0.0.0.0" for all.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>Local port for UDP and TCP, 0-65535; 0 takes any free one.</summary>
    public int Port { get; init; } = 5062;

    /// <summary>User-Agent and Server header.</summary>
    public string UserAgent { get; init; } = "SipStreamApp";

    /// <summary>How long a callee may ring, seconds, 5-600.</summary>
    public int RingTimeoutSeconds { get; init; } = 120;

    /// <summary>Lifetime asked for in REGISTER, seconds, 60-86400.</summary>
    public int RegistrationExpirySeconds { get; init; } = 300;

    /// <summary>PEM file of the authorities whose SIP servers are trusted over TLS; empty: those of this machine.</summary>
    public string TlsAuthorities { get; init; } = "";

    /// <summary>Check the certificates of SIP servers.</summary>
    public bool TlsVerify { get; init; } = true;

    /// <summary>Answer calls to demo, demo-busy, demo-ring and demo-audio that come from this machine.</summary>
    public bool DemoCallee { get; init; } = true;
}

/// <summary>Settings of RTP on the SIP side.</summary>
public sealed record MediaOptions
{
    /// <summary>Address advertised in SDP and ICE; empty: the address that routes to the peer.</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>UDP ports for RTP and RTCP, "first-last".</summary>
    public string RtpPorts { get; init; } = "30000-31000";

    /// <summary>Sound codecs in order of preference.</summary>
    public string AudioCodecs { get; init; } = "opus,PCMU,PCMA,G722";

    /// <summary>Picture codecs in order of preference.</summary>
    public string VideoCodecs { get; init; } = "H264,VP8";

    /// <summary>The ffmpeg program, by name or path; what needs it says so where it is missing.</summary>
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>Jitter buffer target, ms, 0-500; 0 passes packets on as they come in order.</summary>
    public int JitterBufferMs { get; init; } = 60;

    /// <summary>A call without RTP for so long is ended, seconds, 5-3600.</summary>
    public int SilenceTimeoutSeconds { get; init; } = 30;
}

/// <summary>Settings of the WebRTC output.</summary>
public sealed record WebRtcOptions
{
    /// <summary>Local address to bind; "0.0.0.0" for all.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>The one UDP port for all viewers, 0-65535; 0 takes any free one.</summary>
    public int Port { get; init; } = 8189;
}

/// <summary>Settings of the push output (RTMP, RTMPS, SRT, RTSP).</summary>
public sealed record PushOptions
{
    /// <summary>Put before the stream's name at the server, unless the full address is given.</summary>
    public string NamePrefix { get; init; } = "rtmp_";

    /// <summary>Bit rate of the AAC sound, kbit/s, 16-320.</summary>
    public int AudioKbps { get; init; } = 96;

    /// <summary>Refuse rtmps servers whose certificate nobody vouches for.</summary>
    public bool VerifyCertificates { get; init; } = true;
}

/// <summary>Settings of everything that connects to other servers on somebody's word: hooks, the webhook, the address told of recordings, pushes.</summary>
public sealed record OutgoingOptions
{
    /// <summary>"allow", "refuse" targets in the private network, or "auto": refuse where users are required, which the web application decides.</summary>
    public string PrivateTargets { get; init; } = "auto";

    /// <summary>Networks and hosts that may be reached all the same, separated by commas.</summary>
    public string Allowed { get; init; } = "";
}

/// <summary>Settings of who may be called. Empty lists let everybody be called.</summary>
public sealed record CallsOptions
{
    /// <summary>Patterns of callees, the part before the @, separated by commas; "*" stands for any characters, "?" for one.</summary>
    public string AllowedCallees { get; init; } = "";

    /// <summary>Domains and proxies calls may go to, separated by commas; "*.example.org" for those below.</summary>
    public string AllowedDomains { get; init; } = "";
}

/// <summary>Upper bounds; work beyond them is refused, what runs is untouched.</summary>
public sealed record LimitsOptions
{
    /// <summary>Calls at once.</summary>
    public int Calls { get; init; } = 500;

    /// <summary>Viewers at once, by WebRTC, MSE and HLS.</summary>
    public int Viewers { get; init; } = 2000;

    /// <summary>Pushes to other servers at once.</summary>
    public int Pushes { get; init; } = 100;

    /// <summary>Calls of one user or API key at once; 0: as many as <see cref="Calls"/>.</summary>
    public int CallsPerKey { get; init; } = 100;

    /// <summary>Calls one user or API key may start in a minute; 0: any number.</summary>
    public int CallsPerKeyPerMinute { get; init; } = 120;

    /// <summary>While the program and what it started take more of all processors than this, new calls, viewers and pushes are refused, per cent; 0: never.</summary>
    public int CpuPercent { get; init; }
}
