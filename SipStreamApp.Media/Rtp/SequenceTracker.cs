// RFC 3550 appendix A.1 (validity, wrap, restart), A.3 (loss): one source's sequence numbers.
namespace SipStreamApp.Media.Rtp;

/// <summary>What a sequence number means to its source.</summary>
internal enum SequenceVerdict
{
    /// <summary>The source is not yet trusted; not counted.</summary>
    Probation,

    /// <summary>The one expected next.</summary>
    Next,

    /// <summary>Ahead of the one expected next: those between are missing.</summary>
    Ahead,

    /// <summary>Behind the highest, and not seen before.</summary>
    Reordered,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Too far off to be of this run; not counted. Two in a row are a restart.</summary>
    Suspect,

    /// <summary>The second of two consecutive far-off numbers: counting began anew with this one.</summary>
    Restarted,
}

/// <summary>Extends sequence numbers, tells duplicates from reordering, and counts what was lost.</summary>
/// <param name="probation">Consecutive packets before a source counts; 1 trusts the first one.</param>
internal sealed class SequenceTracker(int probation = 2)
{
    public const int MaxDropout = 3000;
    public const int MaxMisorder = 100;

    private readonly int _probation = probation;
    private int _left = probation;
    private bool _started;
    private long _base;
    private int _bad = -1;
    private long _expectedPrior;
    private long _receivedPrior;

    // Bit i = highest - i was received. 128 covers MaxMisorder.
    private UInt128 _seen;

    /// <summary>Extended highest sequence number: cycles in the upper bits.</summary>
    public long Highest { get; private set; }

    /// <summary>True once out of probation.</summary>
    public bool Valid => _started && _left == 0;

    /// <summary>Valid packets, duplicates included, as RFC 3550 counts them.</summary>
    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    public long Reordered { get; private set; }

    public long Expected => Valid ? Highest - _base + 1 : 0;

    /// <summary>Numbers that never came (nor were repeated).</summary>
    public long Lost => Math.Max(0, Expected - (Received - Duplicates));

    /// <summary>Expected minus received: below zero where duplicates outnumber losses (RFC 3550 section 6.4.1).</summary>
    public long CumulativeLost => Expected - Received;

    /// <summary>Forgets everything and starts over with this number as the first.</summary>
    public void Reset()
    {
        _left = _probation;
        _started = false;
        (Received, Duplicates, Reordered, Highest, _base) = (0, 0, 0, 0, 0);
        (_expectedPrior, _receivedPrior, _bad, _seen) = (0, 0, -1, 0);
    }

    /// <summary>Takes the next number; <paramref name="extended"/> is meant for every verdict but Probation and Suspect.</summary>
    public SequenceVerdict Update(ushort sequence, out long extended)
    {
        extended = sequence;
        if (!Valid) return Prove(sequence);
        var ahead = (ushort)(sequence - (ushort)Highest);
        if (ahead is > 0 and < MaxDropout) return Advance(ahead, out extended);
        var behind = (ushort)-ahead;
        if (behind <= MaxMisorder) return LookBack(behind, out extended);
        if (sequence != _bad)
        {
            _bad = (ushort)(sequence + 1);
            return SequenceVerdict.Suspect;
        }

        Begin(sequence);
        return SequenceVerdict.Restarted;
    }

    /// <summary>Fraction lost since the last call, in 1/256 (RFC 3550 appendix A.3).</summary>
    public byte TakeFractionLost()
    {
        var expected = Expected - _expectedPrior;
        var lost = expected - (Received - _receivedPrior);
        (_expectedPrior, _receivedPrior) = (Expected, Received);
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
    }

    private SequenceVerdict Prove(ushort sequence)
    {
        var consecutive = _started && sequence == (ushort)(Highest + 1);
        _left = consecutive || !_started && _probation <= 1 ? _left - 1 : _probation - 1;
        _started = true;
        Highest = sequence;
        if (_left > 0) return SequenceVerdict.Probation;
        Begin(sequence);
        return SequenceVerdict.Next;
    }

    private void Begin(ushort sequence)
    {
        Reset();
        (_started, _left) = (true, 0);
        (Highest, _base, Received, _seen) = (sequence, sequence, 1, 1);
    }

    private SequenceVerdict Advance(int distance, out long extended)
    {
        Highest += distance;
        extended = Highest;
        _seen = distance < 128 ? _seen << distance | 1 : 1;
        _bad = -1;
        Received++;
        return distance == 1 ? SequenceVerdict.Next : SequenceVerdict.Ahead;
    }

    private SequenceVerdict LookBack(int behind, out long extended)
    {
        extended = Highest - behind;
        var bit = UInt128.One << behind;
        _bad = -1;
        Received++;
        if ((_seen & bit) != 0)
        {
            Duplicates++;
            return SequenceVerdict.Duplicate;
        }

        _seen |= bit;
        Reordered++;
        // A packet from before the first one widens the run, or expected would fall behind received.
        if (extended < _base) _base = extended;
        return SequenceVerdict.Reordered;
    }
}
