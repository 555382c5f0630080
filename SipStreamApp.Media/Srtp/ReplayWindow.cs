// RFC 3711 section 3.3.2: replay list as a sliding window; ring of words after RFC 6479, so that moving it on shifts nothing
namespace SipStreamApp.Media.Srtp;

/// <summary>Which of the latest indices were seen. A retransmission burst on a bad link can be several hundred packets late.</summary>
internal sealed class ReplayWindow
{
    /// <summary>How far behind the highest index a packet may come.</summary>
    public const int Size = 1024;

    // One word more than the window: the word of the highest index is only partly used.
    private const int Words = Size / 64 + 1;

    private readonly ulong[] _seen = new ulong[Words];

    public ulong Highest { get; private set; }

    /// <summary>Starts the window at the first genuine packet.</summary>
    public ReplayWindow(ulong first)
    {
        Highest = first;
        Mark(first);
    }

    /// <summary>Looks only; nothing is remembered until <see cref="Commit"/>.</summary>
    public SrtpStatus Check(ulong index)
    {
        if (index > Highest) return SrtpStatus.Ok;
        if (Highest - index >= Size) return SrtpStatus.TooOld;
        return (_seen[index / 64 % Words] >> (int)(index & 63) & 1) == 0 ? SrtpStatus.Ok : SrtpStatus.Replayed;
    }

    /// <summary>Remembers an index that passed <see cref="Check"/> and whose packet is authentic.</summary>
    public void Commit(ulong index)
    {
        if (index > Highest)
        {
            var steps = Math.Min(index / 64 - Highest / 64, Words);
            for (var i = 1UL; i <= steps; i++) _seen[(Highest / 64 + i) % Words] = 0;
            // After a leap past the whole ring every word is stale, the target word among them.
            if (steps == Words) Array.Clear(_seen);
            Highest = index;
        }

        Mark(index);
    }

    private void Mark(ulong index) => _seen[index / 64 % Words] |= 1UL << (int)(index & 63);
}
