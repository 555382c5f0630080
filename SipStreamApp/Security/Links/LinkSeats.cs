using System.Collections.Concurrent;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Security.Links;

/// <summary>
/// Who watches by which link at the moment, to hold Max viewers and to send viewers home when a link is revoked. A WHEP session lasts as
/// long as the engine knows it, a WebSocket as long as its request, an HLS player (an address) until it was silent for a while.
/// </summary>
internal sealed class LinkSeats(MediaEngine engine, TimeProvider time)
{
    // Longer than a segment and its retry; a viewer who pauses gives his seat away.
    private static readonly TimeSpan HlsSilence = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, LinkRoom> _rooms = new();

    /// <summary>True where one more may watch, and counts him under <paramref name="seat"/>; the same seat is counted once.</summary>
    public bool TryTake(PlayLink link, string seat, SeatKind kind, Action? end = null)
    {
        var room = _rooms.GetOrAdd(link.Id, static _ => new LinkRoom());
        lock (room)
        {
            Prune(room);
            if (link.MaxViewers is { } most && room.Seats.Count >= most && !room.Seats.ContainsKey(seat)) return false;
            room.Seats[seat] = new Seat(kind, time.GetUtcNow(), end);
            room.Until = link.ExpiresAt;
            return true;
        }
    }

    /// <summary>What was counted before its WHEP session had an id goes on under that id; null: it did not come to one.</summary>
    public void Seated(string linkId, string seat, string? session)
    {
        if (!_rooms.TryGetValue(linkId, out var room)) return;
        lock (room)
        {
            room.Seats.Remove(seat);
            if (session is not null) room.Seats[session] = new Seat(SeatKind.Session, time.GetUtcNow(), () => engine.StopWatching(session));
        }
    }

    public void Leave(string linkId, string seat)
    {
        if (!_rooms.TryGetValue(linkId, out var room)) return;
        lock (room) room.Seats.Remove(seat);
    }

    /// <summary>Ends all who watch by that link.</summary>
    public void Clear(string linkId)
    {
        if (!_rooms.TryRemove(linkId, out var room)) return;
        Seat[] seats;
        lock (room) seats = [.. room.Seats.Values];
        foreach (var seat in seats) seat.End?.Invoke();
    }

    /// <summary>Ends all who watch by links that are good no more.</summary>
    public void EndExpired()
    {
        foreach (var (id, room) in _rooms) if (room.Until <= time.GetUtcNow()) Clear(id);
    }

    /// <summary>How many watch by that link.</summary>
    public int Count(string linkId)
    {
        if (!_rooms.TryGetValue(linkId, out var room)) return 0;
        lock (room)
        {
            Prune(room);
            return room.Seats.Count;
        }
    }

    private void Prune(LinkRoom room)
    {
        foreach (var (key, seat) in room.Seats.ToArray())
            if (seat.Kind == SeatKind.Session ? !engine.IsWatching(key) : seat.Kind == SeatKind.Polling && seat.Since < time.GetUtcNow() - HlsSilence) room.Seats.Remove(key);
    }

    private sealed class LinkRoom
    {
        public Dictionary<string, Seat> Seats { get; } = [];

        public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;
    }

    private sealed record Seat(SeatKind Kind, DateTimeOffset Since, Action? End);
}

/// <summary>How long a seat is taken.</summary>
internal enum SeatKind
{
    /// <summary>As long as the engine knows the WHEP session.</summary>
    Session,

    /// <summary>As long as the request lasts.</summary>
    Request,

    /// <summary>Until it was silent for a while.</summary>
    Polling,
}
