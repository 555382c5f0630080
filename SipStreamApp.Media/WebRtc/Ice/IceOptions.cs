namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>Limits of an ICE-lite agent.</summary>
internal sealed record IceOptions
{
    public static readonly IceOptions Default = new();

    /// <summary>A peer whose last good check is so long ago has gone (RFC 7675 section 5.1 uses the same span).</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A nominated address of higher priority that was not nominated again for so long gives way to a lower one.</summary>
    public TimeSpan NominationHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Addresses of one peer that are remembered: a browser has one per network and address family.</summary>
    public int MaxAddresses { get; init; } = 8;

    /// <summary>Least time between two error responses of one session.</summary>
    public TimeSpan ErrorSpacing { get; init; } = TimeSpan.FromMilliseconds(100);
}
