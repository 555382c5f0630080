// RFC 4585 section 6.2.1 (generic NACK): which packets to ask for, when, and how often.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Manners of <see cref="MissingPackets"/>.</summary>
internal sealed record MissingPacketsOptions
{
    public static readonly MissingPacketsOptions Default = new();

    /// <summary>A packet that is missing for longer is of no use any more: what waited for it is released by then. 300 ms.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Round trip assumed before the first repair was seen. 60 ms.</summary>
    public TimeSpan FirstRoundTrip { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Least time between two requests for one packet. 20 ms.</summary>
    public TimeSpan LeastSpacing { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Packets asked for at once. With more missing only a keyframe helps. 256.</summary>
    public int Most { get; init; } = 256;
}

/// <summary>
/// The packets of one source that did not come. Each is asked for at once, then again after a round trip and a half, which is measured by the
/// repairs themselves, until it comes or is of no use any more. Bounded; allocates nothing after it was made. Pure.
/// </summary>
internal sealed class MissingPackets(MissingPacketsOptions? options = null)
{
    private readonly MissingPacketsOptions _options = options ?? MissingPacketsOptions.Default;
    private readonly Entry[] _entries = new Entry[(options ?? MissingPacketsOptions.Default).Most];
    private int _count;

    /// <summary>Packets that are missing and still of use.</summary>
    public int Count => _count;

    /// <summary>Requests so far, one for each packet and time.</summary>
    public long Asked { get; private set; }

    /// <summary>Packets that came after they were asked for.</summary>
    public long Repaired { get; private set; }

    /// <summary>Packets that did not come in time.</summary>
    public long GivenUp { get; private set; }

    /// <summary>From a request to its repair, smoothed.</summary>
    public TimeSpan RoundTrip { get; private set; } = (options ?? MissingPacketsOptions.Default).FirstRoundTrip;

    /// <summary>When <see cref="TryTakeDue"/> has something to say; <see cref="Instant.Never"/> while nothing is missing.</summary>
    public Instant NextDeadline
    {
        get
        {
            var next = Instant.Never;
            for (var i = 0; i < _count; i++) next = Instant.Min(next, _entries[i].AskAt);
            return next;
        }
    }

    /// <summary>A run of packets was found missing.</summary>
    public void Add(ushort first, int count, Instant now)
    {
        if (_count + count > _entries.Length)
        {
            GivenUp += _count + count;
            _count = 0;
            return;
        }

        for (var i = 0; i < count; i++) _entries[_count++] = new Entry { Sequence = (ushort)(first + i), Since = now, AskAt = now };
    }

    /// <summary>A packet came, late or again.</summary>
    public void OnArrived(ushort sequence, Instant now)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Sequence != sequence) continue;
            if (_entries[i].Times > 0) Repaired++;
            // Asked for more than once, nobody knows which request this answers (Karn's rule).
            if (_entries[i].Times == 1) RoundTrip += (now - _entries[i].AskedAt - RoundTrip) / 8;
            _entries.AsSpan(i + 1, _count - i - 1).CopyTo(_entries.AsSpan(i));
            _count--;
            return;
        }
    }

    /// <summary>The next run to ask for now; it counts as asked for.</summary>
    public bool TryTakeDue(Instant now, out ushort first, out int count)
    {
        GiveUp(now);
        (first, count) = (0, 0);
        var spacing = RoundTrip * 1.5;
        if (spacing < _options.LeastSpacing) spacing = _options.LeastSpacing;
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.AskAt > now)
            {
                if (count > 0) break;
                continue;
            }

            if (count == 0) first = entry.Sequence;
            else if (entry.Sequence != (ushort)(first + count)) break;
            (entry.AskedAt, entry.AskAt) = (now, now + spacing);
            entry.Times++;
            count++;
        }

        Asked += count;
        return count > 0;
    }

    /// <summary>Forgets everything: the source changed.</summary>
    public void Clear() => _count = 0;

    // They were added in order of time, so those that are too old stand in front.
    private void GiveUp(Instant now)
    {
        var old = 0;
        while (old < _count && now - _entries[old].Since >= _options.GiveUpAfter) old++;
        if (old == 0) return;
        GivenUp += old;
        _entries.AsSpan(old, _count - old).CopyTo(_entries);
        _count -= old;
    }

    private struct Entry
    {
        public Instant Since;
        public Instant AskAt;
        public Instant AskedAt;
        public int Times;
        public ushort Sequence;
    }
}
