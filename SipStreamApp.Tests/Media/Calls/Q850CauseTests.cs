using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class Q850CauseTests
{
    [Theory]
    [InlineData("Q.850;cause=16;text=\"Normal call clearing\"", 16)]
    [InlineData("SIP;cause=200;text=\"x\", q.850 ;text=\"a\"; cause=38", 38)]
    [InlineData("Q.850;cause=127", 127)]
    [InlineData("Q.850;cause=0", null)]
    [InlineData("Q.850;cause=999", null)]
    [InlineData("Q.850;cause=", null)]
    [InlineData("Q.850", null)]
    [InlineData("SIP;cause=486", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Find_InAReasonHeader_ReadsItOrSaysNo(string? reason, int? value) => Assert.Equal(value, Q850Cause.Find(reason)?.Value);

    [Fact]
    public void Words_OfEveryCause_AreThere()
    {
        for (var value = 1; value <= 127; value++) Assert.NotEqual("", new Q850Cause(value).Words);
    }

    // A status that says much is not overruled by a gateway; one that says little is.
    [Theory]
    [InlineData(480, "Q.850;cause=1", "no-such-number")]
    [InlineData(500, "Q.850;cause=17", "busy")]
    [InlineData(400, "Q.850;cause=34", "overloaded")]
    [InlineData(480, "Q.850;cause=16", "not-available")]
    [InlineData(486, "Q.850;cause=1", "busy")]
    public void Status_WithACauseOfTheNetwork_KeepsTheStatusAndSaysMore(int status, string reason, string code)
    {
        var end = FailureCauses.Of(new SipFailure(SipFailureKind.Rejected, status, "Refused") { Reason = reason }, "server");
        Assert.Equal((code, status, $"{status} Refused ({reason})"), (end.Code, end.SipStatus!.Value, end.Raw));
    }
}
