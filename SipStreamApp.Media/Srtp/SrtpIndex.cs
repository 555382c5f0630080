// RFC 3711 section 3.3.1 and appendix A: the 48-bit packet index, and how a receiver guesses it from 16 bits
namespace SipStreamApp.Media.Srtp;

/// <summary>The packet index: rollover counter in the upper 32 bits, sequence number in the lower 16.</summary>
internal static class SrtpIndex
{
    public const ulong Maximum = (1UL << 48) - 1;

    /// <summary>The index nearest to <paramref name="highest"/> that has this sequence number.</summary>
    /// <remarks>
    /// Before the first half round there is no earlier round to belong to: such a number is taken as ahead (RFC 3711 would count
    /// the rollover counter below zero). The result may exceed <see cref="Maximum"/> at the very end of a key's life.
    /// </remarks>
    public static ulong Estimate(ulong highest, ushort sequence)
    {
        var round = highest & ~0xFFFFUL;
        var last = (int)(highest & 0xFFFF);
        if (last < 0x8000)
        {
            if (sequence - last > 0x8000 && round != 0) round -= 0x10000;
        }
        else if (last - 0x8000 > sequence)
        {
            round += 0x10000;
        }

        return round | sequence;
    }
}
