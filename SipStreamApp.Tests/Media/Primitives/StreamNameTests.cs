using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Primitives;

public class StreamNameTests
{
    [Theory]
    [InlineData("call_stream1")]
    [InlineData("a.b-c_D9")]
    public void TryParse_AllowedCharacters_Accepts(string text)
    {
        Assert.True(StreamName.TryParse(text, out var name));
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public void TryParse_AnythingThatCouldLeaveAFolder_Refuses(string? text) => Assert.False(StreamName.TryParse(text, out _));

    [Fact]
    public void TryParse_LongerThanTheLimit_Refuses()
    {
        Assert.True(StreamName.TryParse(new string('a', StreamName.MaxLength), out _));
        Assert.False(StreamName.TryParse(new string('a', StreamName.MaxLength + 1), out _));
    }
}
