// Settings of one user agent. Instance values only, so that two of them with different clocks can live side by side.
namespace SipStreamApp.Media.Sip;

internal sealed record SipUserAgentOptions
{
    /// <summary>Our address as a peer at that destination should see it: the local address depends on the route.</summary>
    public required Func<SipEndpoint, SipLocalAddress> LocalAddress { get; init; }

    public SipTimers Timers { get; init; } = SipTimers.Default;

    public SipRandom Random { get; init; } = SipRandom.Secure;

    /// <summary>User-Agent and Server header.</summary>
    public string Product { get; init; } = "SipStreamApp";

    public int MaxCalls { get; init; } = 2000;

    public int MaxRegistrations { get; init; } = 1000;

    /// <summary>Bound of each transaction table.</summary>
    public int MaxTransactions { get; init; } = 20000;

    /// <summary>Requests above this size (bytes) go by TCP (RFC 3261 section 18.1.1).</summary>
    public int MaxDatagram { get; init; } = 1300;

    /// <summary>False where the host has no TCP.</summary>
    public bool TcpAllowed { get; init; } = true;

    /// <summary>Session interval we ask for (RFC 4028); zero switches session timers off.</summary>
    public TimeSpan SessionExpires { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Smallest session interval we take.</summary>
    public TimeSpan MinSe { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Put the address a server saw (Via received, rport) into Contact. Right behind NAT.</summary>
    public bool UseLearnedAddress { get; init; } = true;

    /// <summary>How many contacts of 3xx answers one call may try.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>First wait after a failed registration; doubled each time (RFC 5626 section 4.5, with shorter times: who is called is missed at once).</summary>
    public TimeSpan RegistrationRetryFirst { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait after failed registrations.</summary>
    public TimeSpan RegistrationRetryMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where set, incoming calls must authenticate.</summary>
    public DigestServer? Authenticate { get; init; }
}
