// ITU-T Rec. G.722 section 6.2: quantiser tables, scale factor and the adaptive predictor (block 4) of one sub-band.
namespace SipStreamApp.Media.Codecs;

/// <summary>State of one sub-band, the same in encoder and decoder.</summary>
internal sealed class G722Band(bool isLow)
{
    private readonly int[] _d = new int[7];
    private readonly int[] _b = new int[7];
    private readonly int[] _a = new int[3];
    private readonly int[] _r = new int[3];
    private readonly int[] _p = new int[3];
    private int _logScale;
    private int _zeroPrediction;

    /// <summary>The prediction of the next sample (s).</summary>
    public int Prediction { get; private set; }

    /// <summary>The quantiser's step (DETL, DETH).</summary>
    public int Step { get; private set; } = isLow ? 32 : 8;

    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    /// <summary>Takes the two or four bits of a sample that steer the adaptation (LOGSCL, SCALEL / LOGSCH, SCALEH, then block 4).</summary>
    public void Adapt(int code)
    {
        var difference = (Step * (isLow ? G722Tables.Qm4[code] : G722Tables.Qm2[code])) >> 15;
        var step = isLow ? G722Tables.WeightLow[G722Tables.MagnitudeLow[code]] : G722Tables.WeightHigh[code & 1];
        _logScale = Math.Clamp(((_logScale * 127) >> 7) + step, 0, isLow ? 18432 : 22528);
        var shift = (isLow ? 8 : 10) - (_logScale >> 11);
        var mantissa = G722Tables.InverseLog[(_logScale >> 6) & 31];
        Step = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
        Predict(difference);
    }

    private void Predict(int difference)
    {
        _d[0] = difference;
        _r[0] = Saturate(Prediction + difference);
        _p[0] = Saturate(_zeroPrediction + difference);
        var (sameAsLast, sameAsBefore) = (_p[0] < 0 == _p[1] < 0, _p[0] < 0 == _p[2] < 0);

        // UPPOL2, UPPOL1
        var quadruple = Saturate(_a[1] << 2);
        var turned = Math.Min(sameAsLast ? -quadruple : quadruple, short.MaxValue);
        var a2 = Math.Clamp((sameAsBefore ? 128 : -128) + (turned >> 7) + ((_a[2] * 32512) >> 15), -12288, 12288);
        var limit = Saturate(15360 - a2);
        var a1 = Math.Clamp(Saturate((sameAsLast ? 192 : -192) + ((_a[1] * 32640) >> 15)), -limit, limit);

        // UPZERO, then the delay lines move on
        var gain = difference == 0 ? 0 : 128;
        for (var i = 6; i >= 1; i--)
        {
            var sign = _d[i] < 0 == difference < 0 ? gain : -gain;
            _b[i] = Saturate(sign + ((_b[i] * 32640) >> 15));
        }

        for (var i = 6; i >= 1; i--) _d[i] = _d[i - 1];
        (_r[2], _r[1], _p[2], _p[1]) = (_r[1], _r[0], _p[1], _p[0]);
        (_a[1], _a[2]) = (a1, a2);

        // FILTEP, FILTEZ, PREDIC
        var poles = Saturate(((a1 * Saturate(_r[1] + _r[1])) >> 15) + ((a2 * Saturate(_r[2] + _r[2])) >> 15));
        var zeros = 0;
        for (var i = 6; i >= 1; i--) zeros += (_b[i] * Saturate(_d[i] + _d[i])) >> 15;
        _zeroPrediction = Saturate(zeros);
        Prediction = Saturate(poles + _zeroPrediction);
    }
}
