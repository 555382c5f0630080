namespace SipStreamApp.Media.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="ExitCode">Its exit code; -1 where it did not end by itself.</param>
/// <param name="Problem">What went wrong, the last words it said among it; null where it exited with 0.</param>
internal sealed record ChildOutcome(int ExitCode, string? Problem)
{
    /// <summary>True where it exited with 0.</summary>
    public bool Succeeded => Problem is null;
}
