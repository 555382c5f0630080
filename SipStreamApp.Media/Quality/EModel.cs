// ITU-T Rec. G.107 (06/2015): the E-model. Section 7.1 (R), 7.4 (delay), 7.5 (equipment and packet loss), Annex B (MOS).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Quality;

/// <summary>How well a codec stands up to loss (ITU-T G.113 Appendix I).</summary>
/// <param name="Ie">Equipment impairment factor without loss.</param>
/// <param name="Bpl">Packet-loss robustness factor, percent.</param>
internal readonly record struct CodecImpairment(double Ie, double Bpl)
{
    /// <summary>G.711 with concealment (G.711 Appendix I): every browser conceals.</summary>
    public static readonly CodecImpairment G711 = new(0, 25.1);

    /// <summary>G.729 Annex A with voice activity detection; for tests against the published table.</summary>
    public static readonly CodecImpairment G729A = new(11, 19);

    // The narrow-band scale has no row for Opus and G.722 and no room above 4.4: they are taken as clean as G.711, and as robust.
    public static CodecImpairment Of(Codec codec) => codec switch
    {
        Codec.Pcmu or Codec.Pcma or Codec.G722 or Codec.Opus => G711,
        _ => new CodecImpairment(0, 25.1),
    };
}

/// <summary>From loss and delay to a mean opinion score. Pure; everything G.107 asks for besides these has its default value.</summary>
internal static class EModel
{
    /// <summary>R without delay and loss, all else default (section 7.7, Table 3).</summary>
    public const double DefaultR = 93.2;

    /// <summary>Transmission rating factor R = 93.2 - Idd - Ie,eff (section 7.1); 0-100.</summary>
    /// <param name="codec">Impairment of the codec.</param>
    /// <param name="lossPercent">Packets that were lost or came too late to be played, percent of those expected.</param>
    /// <param name="burstRatio">Mean length of loss runs over that of random loss (section 7.5); 1 is random.</param>
    /// <param name="oneWayDelay">From mouth to ear, as far as it is known.</param>
    public static double Rating(CodecImpairment codec, double lossPercent, double burstRatio, TimeSpan oneWayDelay) =>
        Math.Clamp(DefaultR - DelayImpairment(oneWayDelay) - EquipmentImpairment(codec, lossPercent, burstRatio), 0, 100);

    /// <summary>MOS-CQE of a rating, 1.0-4.5 (Annex B).</summary>
    public static double Mos(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6),
    };

    /// <summary>Ie,eff = Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl) (section 7.5).</summary>
    public static double EquipmentImpairment(CodecImpairment codec, double lossPercent, double burstRatio)
    {
        var loss = Math.Clamp(lossPercent, 0, 100);
        return codec.Ie + (95 - codec.Ie) * loss / (loss / Math.Max(1, burstRatio) + codec.Bpl);
    }

    /// <summary>Idd: what absolute delay costs, zero up to 100 ms (section 7.4; echo is taken as cancelled).</summary>
    public static double DelayImpairment(TimeSpan oneWayDelay)
    {
        var ms = oneWayDelay.TotalMilliseconds;
        if (ms <= 100) return 0;
        var x = Math.Log2(ms / 100);
        return 25 * (Math.Pow(1 + Math.Pow(x, 6), 1.0 / 6) - 3 * Math.Pow(1 + Math.Pow(x / 3, 6), 1.0 / 6) + 2);
    }

    /// <summary>Mean run of lost packets over the run random loss of that share would have, 1/(1-p) (section 7.5); 1-8.</summary>
    /// <param name="lost">Packets lost.</param>
    /// <param name="runs">In so many runs.</param>
    /// <param name="expected">Out of so many.</param>
    public static double BurstRatio(long lost, long runs, long expected)
    {
        if (lost <= 0 || runs <= 0 || expected <= lost) return 1;
        return Math.Clamp((double)lost / runs * (1 - (double)lost / expected), 1, 8);
    }
}
