using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>Counts what the target took, over all its connections, and says when it stopped taking. Pure.</summary>
internal sealed class PushMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    // The kernel of a frozen server still takes a few bytes now and then (zero-window probes, 0.5 KB/s seen): that is no sign of life.
    private const long Trickle = 16 * 1024;

    private readonly Queue<(Instant At, long Bytes)> _samples = new();
    private long _before;
    private long _taken;
    private long _mark;
    private Instant _grewAt;
    private Instant _fedAt;

    /// <summary>Bytes the target took.</summary>
    public long Total => _before + _taken;

    public int Kbps { get; private set; }

    /// <summary>A new connection begins.</summary>
    public void Open(Instant now)
    {
        (_grewAt, _fedAt, _mark) = (now, now, _taken);
        _samples.Clear();
        Kbps = 0;
    }

    /// <summary>Something was given to the sender just now.</summary>
    public void Fed(Instant now) => _fedAt = now;

    /// <summary>Takes a reading of the present connection: bytes given to the network, and of these not acknowledged.</summary>
    public void Read(Instant now, long given, long backlog)
    {
        _taken = Math.Max(_taken, given - backlog);
        if (_taken - _mark >= Trickle || (backlog == 0 && _taken > _mark)) (_mark, _grewAt) = (_taken, now);
        _samples.Enqueue((now, Total));
        while (_samples.Count > 2 && now - _samples.Peek().At > Window) _samples.Dequeue();
        var (at, bytes) = _samples.Peek();
        if (now > at) Kbps = (int)((Total - bytes) * 8 / (now - at).TotalMilliseconds);
    }

    /// <summary>True where the target has taken nothing for so long although it was given something, or could not be given it.</summary>
    public bool Hangs(Instant now, TimeSpan limit, bool isWriteBlocked) =>
        now - _grewAt >= limit && (isWriteBlocked || _fedAt - _grewAt > TimeSpan.FromSeconds(1));

    /// <summary>The connection is over.</summary>
    public void Close()
    {
        (_before, _taken) = (Total, 0);
        Kbps = 0;
    }
}
