using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class AnswerRuleTests
{
    private static readonly CallId Call = CallId.TryParse("c-1", out var id) ? id : default;

    [Theory]
    [InlineData("{login}", "10005", "front.door")]
    [InlineData("{login}-{caller}", "10005", "front.door-10005")]
    [InlineData("in_{caller}_{callId}", "+49301234", "in_49301234_c-1")]
    [InlineData("{caller}", "a b/../c", "a-b-..-c")]
    [InlineData("{caller}", "Ünal", "-nal")]
    [InlineData("door", "10005", "door")]
    public void Name_IsMadeOfTheCall(string pattern, string caller, string name) =>
        Assert.Equal(name, new AnswerRule { Stream = pattern }.NameOf("front.door", caller, Call)?.Value);

    [Theory]
    [InlineData("{login}", "+49301", "49301")]
    [InlineData("{login}-{caller}", "front door", "front-door-{caller}")]
    public void Name_BeforeAnybodyCalled_IsThatOfTheStreamsToCome(string pattern, string login, string name) => Assert.Equal(name, new AnswerRule { Stream = pattern }.NameFor(login));

    [Fact]
    public void Name_ThatACallerMadeTooLong_IsCut()
    {
        var name = new AnswerRule { Stream = "{login}-{caller}" }.NameOf("door", new string('9', 500), Call);
        Assert.Equal("door-" + new string('9', StreamName.MaxLength - 5), name?.Value);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("+")]
    public void Name_ThatWouldLeaveAFolder_IsNone(string caller) => Assert.Null(new AnswerRule { Stream = "{caller}" }.NameOf("door", caller, Call));

    [Theory]
    [InlineData("door", null)]
    [InlineData("{login}.{caller}.{callId}", null)]
    [InlineData("{stream}", "{stream} is none of {login}, {caller}, {callId}")]
    [InlineData("{}", "{} is none of")]
    [InlineData("a/b", "Letters, digits")]
    [InlineData("{login", "Letters, digits")]
    [InlineData("", "Letters, digits")]
    public void Check_SaysWhatIsWrong(string pattern, string? wrong)
    {
        if (wrong is null) Assert.Null(AnswerRule.Check(pattern));
        else Assert.StartsWith(wrong, AnswerRule.Check(pattern), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "anybody", true)]
    [InlineData("10005, +4930*", "10005", true)]
    [InlineData("10005, +4930*", "+49301234", true)]
    [InlineData("10005, +4930*", "+49401234", false)]
    [InlineData("1000?", "10005", true)]
    [InlineData("1000?", "100055", false)]
    public void Callers_AreTakenByPattern(string callers, string caller, bool taken) => Assert.Equal(taken, new AnswerRule { Callers = callers }.Takes(caller));
}
