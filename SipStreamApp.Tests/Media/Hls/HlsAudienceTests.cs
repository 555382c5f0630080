using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Hls;

public class HlsAudienceTests
{
    private static readonly HttpPlayer One = new("192.0.2.1", "hls.js");
    private static readonly HttpPlayer Two = new("192.0.2.1", "AppleCoreMedia");

    private readonly ManualTime _time = new();
    private readonly HlsAudience _audience;

    public HlsAudienceTests() => _audience = new HlsAudience(new EngineClock(_time), TimeSpan.FromSeconds(12));

    [Fact]
    public void Player_CountsFromItsFirstQuestionUntilItWasSilentForAWhile()
    {
        Assert.False(_audience.Touch(One));
        _audience.Add(One);
        _audience.Add(One);
        _audience.Add(Two);
        Assert.Equal([One, Two], _audience.All.Select(v => v.Player));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_audience.Touch(One));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(One, Assert.Single(_audience.All).Player);
        Assert.False(_audience.Touch(Two));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _audience.Count);
    }

    [Fact]
    public void Player_ThatIsSentAway_IsRefusedForAMinuteAndNobodyElse()
    {
        _audience.Add(One);
        _audience.Add(Two);
        Assert.Null(_audience.Remove("hls-nobody"));
        Assert.Equal(One, _audience.Remove(_audience.All[0].Id)!.Player);
        Assert.Equal((1, true, false), (_audience.Count, _audience.Refuses(One), _audience.Refuses(Two)));
        _time.Advance(HlsAudience.Refusal);
        Assert.False(_audience.Refuses(One));
    }
}
