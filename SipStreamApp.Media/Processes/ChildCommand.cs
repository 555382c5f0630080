namespace SipStreamApp.Media.Processes;

/// <summary>A program and how it is run.</summary>
/// <param name="Program">Its name or path.</param>
/// <param name="Arguments">One by one; never through a shell.</param>
internal sealed record ChildCommand(string Program, IEnumerable<string> Arguments)
{
    /// <summary>Called with each line of its standard output, on a pool thread; null where the output is bytes that the owner reads.</summary>
    public Action<string>? Line { get; init; }

    /// <summary>Takes out of its complaints what nobody may read.</summary>
    public Func<string, string>? Mask { get; init; }

    /// <summary>True for work that must not take the processor from calls.</summary>
    public bool InBackground { get; init; }
}
