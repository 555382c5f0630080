using System.Collections.Concurrent;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Live;

/// <summary>
/// Viewers an operator sent away. A player that was cut off comes back by itself within a second, so its address is refused for
/// that stream for a while; others behind the same address are refused with it.
/// </summary>
internal sealed class RemovedViewers(TimeProvider time)
{
    private const int Most = 1000, MostSessions = 4_000; // twice the default of Limits:Viewers
    private readonly ConcurrentDictionary<(StreamName, IPAddress), DateTimeOffset> _until = new();

    private readonly ConcurrentDictionary<string, IPAddress> _askedBy = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _sessions = new();

    /// <summary>How long an address is refused.</summary>
    public static TimeSpan Lasts => TimeSpan.FromMinutes(1);

    /// <summary>Refuses this address for this stream from now on for <see cref="Lasts"/>.</summary>
    public void Add(StreamName stream, IPAddress address)
    {
        var now = time.GetUtcNow();
        foreach (var (key, until) in _until)
            if (until <= now) _until.TryRemove(key, out _);
        if (_until.Count < Most) _until[(stream, Plain(address))] = now + Lasts;
    }

    /// <summary>
    /// Remembers who asked for a session: media may come from another address than the request (another interface, a proxy), and it is the
    /// request that is refused. The last 4,000 sessions are known; of older ones the address their media goes to is taken.
    /// </summary>
    public void Opened(string session, IPAddress? askedBy)
    {
        if (askedBy is null || !_askedBy.TryAdd(session, askedBy)) return;
        _sessions.Enqueue(session);
        while (_sessions.Count > MostSessions && _sessions.TryDequeue(out var oldest)) _askedBy.TryRemove(oldest, out _);
    }

    /// <summary>The address that asked for a session; null where it is not known.</summary>
    public IPAddress? AskedBy(string session) => _askedBy.GetValueOrDefault(session);

    /// <summary>True while the address is refused.</summary>
    public bool Refuses(string stream, IPAddress? address) =>
        !_until.IsEmpty && address is not null && StreamName.TryParse(stream, out var name)
        && _until.TryGetValue((name, Plain(address)), out var until) && until > time.GetUtcNow();

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
