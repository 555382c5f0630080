namespace SipStreamApp.Media.Primitives;

/// <summary>On whose side the reason of a failure lies.</summary>
public enum Blame
{
    /// <summary>The request or the settings were wrong; the caller can mend it.</summary>
    Caller,

    /// <summary>The other end (SIP server, callee, browser) refused or misbehaved.</summary>
    Peer,

    /// <summary>The network between lost or blocked it.</summary>
    Network,

    /// <summary>This machine or program: no port free, disk read-only, a defect.</summary>
    Server,
}

/// <summary>An expected failure as a value: what happened, why, and what a person can do about it.</summary>
/// <param name="Code">Stable machine-readable word, lower case with dashes ("no-common-codec").</param>
/// <param name="Blame">On whose side the reason lies.</param>
/// <param name="Title">What happened, one short sentence without a full stop.</param>
/// <param name="Advice">What to do about it, plain words; empty where nothing helps.</param>
public sealed record Failure(string Code, Blame Blame, string Title, string Advice = "")
{
    /// <summary>The field or setting that was wrong, where there is one.</summary>
    public string? Field { get; init; }

    /// <summary>True where the same request may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>When the same request may succeed; null where that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Advice.Length == 0 ? Title : $"{Title}. {Advice}";
}
