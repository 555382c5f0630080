using System.Collections.Concurrent;

namespace SipStreamApp.Security.People;

/// <summary>
/// Counts wrong passwords, keys and links by the address they come from: after <see cref="Most"/> within a minute the address waits.
/// The lock of an account alone would not stop one who tries one password on many names.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>Wrong ones a minute from one address.</summary>
    public const int Most = 20;

    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Until)> _failures = new();

    /// <summary>How long the address has to wait; zero where it may try.</summary>
    public TimeSpan WaitOf(string address) =>
        _failures.TryGetValue(address, out var f) && f.Count >= Most && f.Until > time.GetUtcNow() ? f.Until - time.GetUtcNow() : TimeSpan.Zero;

    public void Failed(string address)
    {
        var now = time.GetUtcNow();
        if (_failures.Count >= MaxAddresses)
            foreach (var (old, f) in _failures) if (f.Until <= now) _failures.TryRemove(old, out _);

        // Addresses that come in thousands share one count: the memory of the server is not theirs to fill.
        var key = _failures.Count >= MaxAddresses && !_failures.ContainsKey(address) ? "" : address;
        _failures.AddOrUpdate(key, (1, now + Window), (_, f) => f.Until <= now ? (1, now + Window) : (f.Count + 1, f.Until));
    }
}
