using SipStreamApp.Media.Quality;
using Xunit;

namespace SipStreamApp.Tests.Media.Quality;

/// <summary>Against the figures ITU-T printed.</summary>
public class EModelTests
{
    // ITU-T G.107 Annex B, Table B.1 (R to MOS), and the default of section 7.7.
    [Theory]
    [InlineData(93.2, 4.41)]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.024)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    [InlineData(0, 1.0)]
    [InlineData(100, 4.5)]
    public void Mos_OfARating_IsThatOfAnnexB(double rating, double mos) => Assert.Equal(mos, EModel.Mos(rating), 0.006);

    // ITU-T G.113 Appendix I: Ie of G.729A with VAD under random loss, in whole numbers.
    [Theory]
    [InlineData(0, 11)]
    [InlineData(1, 15)]
    [InlineData(2, 19)]
    [InlineData(3, 23)]
    [InlineData(4, 26)]
    public void EquipmentImpairment_OfG729A_IsThatOfTheTable(double loss, double impairment) =>
        Assert.Equal(impairment, EModel.EquipmentImpairment(CodecImpairment.G729A, loss, 1), 0.6);

    // Worked by hand from the formula of section 7.5: 95 * 3 / (3 + 25.1), and 95 * 10 / (10 + 25.1).
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(3, 1, 10.142)]
    [InlineData(10, 1, 27.066)]
    [InlineData(3, 2, 10.714)]
    public void EquipmentImpairment_OfG711_FollowsTheFormula(double loss, double burst, double impairment) =>
        Assert.Equal(impairment, EModel.EquipmentImpairment(CodecImpairment.G711, loss, burst), 0.002);

    // Section 7.4: nothing up to 100 ms; at 400 ms X is 2, at 200 ms it is 1.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(200, 3.04)]
    [InlineData(400, 24.07)]
    public void DelayImpairment_FollowsTheFormula(double ms, double impairment) =>
        Assert.Equal(impairment, EModel.DelayImpairment(TimeSpan.FromMilliseconds(ms)), 0.03);

    [Fact]
    public void Rating_OfACleanCall_IsTheDefaultAndFallsWithLossAndDelay()
    {
        Assert.Equal(93.2, EModel.Rating(CodecImpairment.G711, 0, 1, TimeSpan.FromMilliseconds(80)), 1e-9);
        var worse = EModel.Rating(CodecImpairment.G711, 3, 1, TimeSpan.FromMilliseconds(80));
        Assert.InRange(EModel.Mos(worse), 4.1, 4.2);
        Assert.True(EModel.Rating(CodecImpairment.G711, 3, 1, TimeSpan.FromMilliseconds(300)) < worse);
    }

    [Theory]
    [InlineData(10, 10, 100, 1)]
    [InlineData(10, 2, 100, 4.5)]
    [InlineData(0, 0, 100, 1)]
    [InlineData(90, 1, 100, 8)]
    public void BurstRatio_ComparesRunsWithRandomLoss(long lost, long runs, long expected, double ratio) => Assert.Equal(ratio, EModel.BurstRatio(lost, runs, expected), 1e-9);
}
