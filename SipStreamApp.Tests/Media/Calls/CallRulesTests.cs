using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class CallRulesTests
{
    [Theory]
    [InlineData("", "", "0900123", null)]
    [InlineData("100?, demo*", "", "1001", null)]
    [InlineData("100?", "", "10011", "callee-not-allowed")]
    [InlineData("100?", "", "sip:1001@example.org", null)]
    [InlineData("100?", "", "sip:0900@example.org;x=1001", "callee-not-allowed")]
    [InlineData("demo*", "", "DEMO-busy", null)]
    [InlineData("+49*", "", "+4930123", null)]
    [InlineData("+49*", "", "0900;phone=+49", "callee-not-allowed")]
    [InlineData("1*", "", "sip:%30900@example.org", "callee-not-allowed")]
    [InlineData("1*", "", "sip:%3100@example.org", null)]
    [InlineData("", "example.org", "1001", null)]
    [InlineData("", "example.org", "1001@EXAMPLE.org.", null)]
    [InlineData("", "example.org", "1001@evil.example", "domain-not-allowed")]
    [InlineData("", "example.org", "sip:example.org@evil.example", "domain-not-allowed")]
    [InlineData("", "*.example.org", "1001@pbx.example.org", null)]
    [InlineData("", "*.example.org", "1001@evilexample.org", "domain-not-allowed")]
    [InlineData("", "*.example.org", "1001@example.org", "domain-not-allowed")]
    public void Check_Callee_IsMeasuredByBothLists(string callees, string domains, string callee, string? code) =>
        Assert.Equal(code, new CallRules(callees, domains).Check(new CallRequest(callee, new SipIdentity("me", "example.org")))?.Code);

    [Fact]
    public void Check_Proxy_IsADestination()
    {
        var request = new CallRequest("1001", new SipIdentity("me", "example.org") { OutboundProxy = "10.0.0.9:5070" });

        var refused = new CallRules("", "example.org").Check(request);

        Assert.Equal(("domain-not-allowed", "sipOutboundProxy"), (refused?.Code, refused?.Field));
        Assert.Null(new CallRules("", "example.org,10.0.0.9").Check(request));
    }

    [Fact]
    public void Owner_ThatStartsTooMany_IsToldWhenThereIsRoomAgain()
    {
        var limits = new OwnerLimits(atOnce: 5, perMinute: 2);
        Assert.Null(limits.Check("a", 0, Instant.Zero));
        limits.Started("a", Instant.Zero);
        limits.Started("a", At(20));

        var refused = limits.Check("a", 2, At(30));
        Assert.Equal(("caller-limit", TimeSpan.FromSeconds(30)), (refused?.Code, refused?.RetryAfter));
        Assert.Null(limits.Check("b", 0, At(30)));
        Assert.Null(limits.Check("a", 1, At(60)));
        Assert.Equal("caller-limit", limits.Check("a", 5, At(200))?.Code);
    }

    private static Instant At(int seconds) => Instant.FromMilliseconds(seconds * 1000);
}
