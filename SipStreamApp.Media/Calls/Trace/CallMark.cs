namespace SipStreamApp.Media.Calls.Trace;

/// <summary>What a mark on a call's time line is about.</summary>
public enum MarkKind
{
    /// <summary>The call's status changed; it lasts until the next mark of this kind.</summary>
    State,

    /// <summary>The verdict changed; it lasts until the next mark of this kind.</summary>
    Verdict,

    /// <summary>A recording began, changed or ended.</summary>
    Recording,

    /// <summary>A push began, changed or ended.</summary>
    Push,

    /// <summary>Something worth a line in the log.</summary>
    Log,
}

/// <summary>How loud a mark is.</summary>
public enum MarkLevel
{
    /// <summary>As it should be.</summary>
    Info,

    /// <summary>Somebody may notice.</summary>
    Warning,

    /// <summary>It failed.</summary>
    Error,
}

/// <summary>One moment of a call.</summary>
/// <param name="Number">Its place in the trace, from 0.</param>
/// <param name="At">Since the call was asked for.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Level">How loud.</param>
/// <param name="Word">Stable word: status, verdict, state of the recording or push; empty for the log.</param>
/// <param name="Text">One line for people.</param>
/// <param name="Key">Id of the recording or push, so that begin and end find each other; null for the rest.</param>
/// <param name="Ends">True where it ends a span of that key.</param>
public sealed record CallMark(int Number, TimeSpan At, MarkKind Kind, MarkLevel Level, string Word, string Text, string? Key = null, bool Ends = false);
