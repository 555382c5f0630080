namespace SipStreamApp.Telemetry.Checks;

/// <summary>How one check came out.</summary>
internal enum CheckVerdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Nothing to judge, or only to know.</summary>
    Note,

    /// <summary>Works, but not for long or not for all.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Failed,
}

/// <summary>What a check found, in words for people.</summary>
/// <param name="Verdict">How it is.</param>
/// <param name="Figure">What was measured ("0.2 ms").</param>
/// <param name="Cause">What is wrong and whose doing it is; null where nothing is.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
internal sealed record CheckResult(CheckVerdict Verdict, string Figure, string? Cause = null, string? Advice = null)
{
    public static CheckResult Good(string figure) => new(CheckVerdict.Good, figure);

    public static CheckResult Note(string figure, string? cause = null, string? advice = null) => new(CheckVerdict.Note, figure, cause, advice);

    public static CheckResult Warning(string figure, string cause, string advice) => new(CheckVerdict.Warning, figure, cause, advice);

    public static CheckResult Failed(string figure, string cause, string advice) => new(CheckVerdict.Failed, figure, cause, advice);
}

/// <summary>One thing the server can look at by itself. Looks for real, changes nothing that lasts.</summary>
internal interface IServerCheck
{
    /// <summary>Stable word for programs ("rtp-ports").</summary>
    string Id { get; }

    /// <summary>What is looked at, for people.</summary>
    string Title { get; }

    /// <summary>How long it may take; then it has failed.</summary>
    TimeSpan Limit => TimeSpan.FromSeconds(5);

    /// <summary>True where /health/ready asks, too: without it the server can take no work. Quick, and without a word that is not for everybody.</summary>
    bool ForReady => false;

    /// <summary>Looks. Cancelled when the time is over.</summary>
    Task<CheckResult> RunAsync(CancellationToken cancel);
}
