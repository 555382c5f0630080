using System.Collections.Concurrent;
using System.Globalization;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>
/// Ends what lasts (open pages, WebSockets, browsers that watch or publish, sessions of the Web SDK) within seconds of the end of the key, the user or
/// the link it came by. Entry is checked elsewhere; this is for those who are in.
/// </summary>
internal sealed class RightsWatch(UserStore users, ApiKeyStore keys, LinkSeats seats, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<Held, byte> _held = new();

    /// <summary>How long somebody may go on at most.</summary>
    public static TimeSpan Period => TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls <paramref name="end"/> once the caller's key or user is good no more, unless it was disposed of or is over by then. Null for callers who have neither.
    /// </summary>
    /// <param name="caller">Who it is.</param>
    /// <param name="end">Ends it; must return at once.</param>
    /// <param name="lasts">Whether there is still anything to end; null: until it is disposed of.</param>
    public IDisposable? Hold(Caller caller, Action end, Func<bool>? lasts = null)
    {
        if (caller.Kind is not (CallerKind.Key or CallerKind.User) || caller.Id.Length == 0) return null;
        var held = new Held(this, caller, end, lasts);
        _held[held] = 0;
        return held;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        seats.EndExpired();
        foreach (var (held, _) in _held) if (held.IsOver) _held.TryRemove(held, out _);
        foreach (var group in _held.Keys.GroupBy(h => (h.Caller.Kind, h.Caller.Id, h.Caller.Stamp)).ToArray())
        {
            if (await IsGoodAsync(group.First().Caller, cancel)) continue;
            foreach (var held in group) if (_held.TryRemove(held, out _)) held.End();
        }
    }

    private async Task<bool> IsGoodAsync(Caller caller, CancellationToken cancel) => caller.Kind == CallerKind.Key
        ? await keys.IsGoodAsync(caller.Id, cancel)
        : await users.FindAsync(int.Parse(caller.Id, CultureInfo.InvariantCulture), caller.Stamp, cancel) is not null;

    private sealed class Held(RightsWatch watch, Caller caller, Action end, Func<bool>? lasts) : IDisposable
    {
        public Caller Caller => caller;

        public bool IsOver => lasts?.Invoke() == false;

        public void End() => end();

        public void Dispose() => watch._held.TryRemove(this, out _);
    }
}
