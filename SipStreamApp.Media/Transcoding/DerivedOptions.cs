namespace SipStreamApp.Media.Transcoding;

/// <summary>Times of derived tracks.</summary>
internal sealed record DerivedOptions
{
    /// <summary>How long a track goes on when nobody wants it any more. Default 5 s.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to look for silence to fill and for the child. Default 60 ms.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Sound that is so late does not come: silence takes its place. Grows where it came after all. Default 300 ms.</summary>
    public TimeSpan SilenceAfter { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Up to where that grows. Default 2 s.</summary>
    public TimeSpan MostSilenceAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause before a child that died is replaced; doubles up to 32 times this. Default 250 ms.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);
}
