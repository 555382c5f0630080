namespace SipStreamApp.Hosting;

/// <summary>The program cannot start for reasons a person can mend; shown without a stack trace.</summary>
public sealed class StartupProblemException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
