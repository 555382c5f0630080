using System.Diagnostics.CodeAnalysis;

namespace SipStreamApp.Media.Primitives;

/// <summary>A result, or the expected failures that stood in its way (all of them, so that a form can mark every wrong field at once).</summary>
public readonly struct Outcome<T>
    where T : class
{
    private readonly IReadOnlyList<Failure>? _failures;

    private Outcome(T? value, IReadOnlyList<Failure>? failures) => (Value, _failures) = (value, failures);

    /// <summary>The result; null where it failed.</summary>
    public T? Value { get; }

    /// <summary>What stood in the way; empty where it succeeded.</summary>
    public IReadOnlyList<Failure> Failures => _failures ?? [];

    /// <summary>True where there is a result.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>Wraps a result.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Wraps a failure.</summary>
    public static implicit operator Outcome<T>(Failure failure) => new(null, [failure]);

    /// <summary>Wraps several failures.</summary>
    public static implicit operator Outcome<T>(List<Failure> failures) => new(null, failures);
}
