using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Media.WebRtc;

/// <summary>Settings of a <see cref="WebRtcHost"/>.</summary>
internal sealed record WebRtcHostOptions
{
    /// <summary>Local address to bind; "0.0.0.0" for all IPv4, "::" for all.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>The one UDP port; 0 takes any free one.</summary>
    public int Port { get; init; } = 8189;

    /// <summary>Address behind which this machine is reached from outside (1:1 NAT, port kept); empty: none.</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>Browsers at once, whether they watch or publish.</summary>
    public int MaxViewers { get; init; } = 2000;

    /// <summary>Folder of the certificate.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Jitter buffer target for sound that browsers send; zero passes packets on as they come in order.</summary>
    public TimeSpan JitterTarget { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>An offer of ours that is not answered for so long is taken back: longer than any phone rings.</summary>
    public TimeSpan OfferTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public IceOptions Ice { get; init; } = IceOptions.Default;

    public DtlsOptions Dtls { get; init; } = DtlsOptions.Default;

    public FanoutOptions Fanout { get; init; } = FanoutOptions.Default;
}
