using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Hls;

/// <summary>Who plays one presentation: a player counts from its first playlist until it has not asked for a while. Any thread.</summary>
/// <param name="clock">Time.</param>
/// <param name="silence">How long it stays without a question.</param>
internal sealed class HlsAudience(EngineClock clock, TimeSpan silence)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<HttpPlayer, Seat> _seats = [];
    private readonly Dictionary<HttpPlayer, Instant> _removed = [];

    /// <summary>How long one that was sent away is refused; it would be back with its next question.</summary>
    public static TimeSpan Refusal { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How many there are now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Prune();
                return _seats.Count;
            }
        }
    }

    /// <summary>All of them, those that came first first.</summary>
    public IReadOnlyList<HttpViewer> All
    {
        get
        {
            lock (_gate)
            {
                Prune();
                return [.. _seats.Values.Select(s => s.Viewer).OrderBy(v => v.Since)];
            }
        }
    }

    /// <summary>True for one that is known; it stays for another while.</summary>
    public bool Touch(HttpPlayer player)
    {
        lock (_gate)
        {
            if (!_seats.TryGetValue(player, out var seat) || clock.Now - seat.AskedAt > silence) return false;
            seat.AskedAt = clock.Now;
            return true;
        }
    }

    /// <summary>Counts one that is new.</summary>
    public void Add(HttpPlayer player)
    {
        lock (_gate)
        {
            Prune();
            if (!_seats.ContainsKey(player))
                _seats[player] = new Seat(new HttpViewer(HttpViewer.NewId("HLS"), "HLS", player, clock.UtcNow)) { AskedAt = clock.Now };
        }
    }

    /// <summary>Sends one away; null where there is none of that id.</summary>
    public HttpViewer? Remove(string id)
    {
        lock (_gate)
        {
            var found = _seats.Values.FirstOrDefault(s => s.Viewer.Id == id)?.Viewer;
            if (found is null) return null;
            _seats.Remove(found.Player);
            _removed[found.Player] = clock.Now + Refusal;
            return found;
        }
    }

    /// <summary>True for one that was sent away just now.</summary>
    public bool Refuses(HttpPlayer player)
    {
        lock (_gate) return _removed.TryGetValue(player, out var until) && clock.Now < until;
    }

    private void Prune()
    {
        foreach (var (player, seat) in _seats)
            if (clock.Now - seat.AskedAt > silence) _seats.Remove(player);
        foreach (var (player, until) in _removed)
            if (clock.Now >= until) _removed.Remove(player);
    }

    private sealed class Seat(HttpViewer viewer)
    {
        public HttpViewer Viewer => viewer;

        public Instant AskedAt { get; set; }
    }
}
