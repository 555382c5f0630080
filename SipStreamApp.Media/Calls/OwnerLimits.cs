using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>
/// How many calls one user or API key may start in a minute, and have at once: a stolen key shall not cost more than that. A sliding
/// minute, not a bucket: whoever is refused learns exactly when there is room again. Under the lock of the manager.
/// </summary>
/// <param name="atOnce">Calls at once; 0: any number.</param>
/// <param name="perMinute">Calls in a minute; 0: any number.</param>
internal sealed class OwnerLimits(int atOnce, int perMinute)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, Queue<Instant>> _started = new(StringComparer.Ordinal);

    /// <summary>Why this owner may not start a call now, or null.</summary>
    public Failure? Check(string owner, int callsUp, Instant now)
    {
        if (atOnce > 0 && callsUp >= atOnce)
            return Refused($"The limit of {atOnce} calls at once for one user or key is reached", "End some calls, or raise Limits:CallsPerKey.", TimeSpan.FromSeconds(5));
        if (perMinute == 0 || !_started.TryGetValue(owner, out var started)) return null;
        while (started.TryPeek(out var oldest) && now - oldest >= Minute) started.Dequeue();
        return started.Count < perMinute
            ? null
            : Refused($"The limit of {perMinute} calls a minute for one user or key is reached", "Wait, or raise Limits:CallsPerKeyPerMinute.", Minute - (now - started.Peek()));
    }

    /// <summary>The owner starts a call.</summary>
    public void Started(string owner, Instant now)
    {
        if (perMinute == 0) return;
        if (!_started.TryGetValue(owner, out var started))
        {
            foreach (var (name, times) in _started) if (times.Count == 0 || now - times.Last() >= Minute) _started.Remove(name);
            _started[owner] = started = new Queue<Instant>();
        }

        started.Enqueue(now);
    }

    private static Failure Refused(string title, string advice, TimeSpan wait) => new("caller-limit", Blame.Caller, title, advice) { Retryable = true, RetryAfter = wait };
}
