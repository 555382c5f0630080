using SipStreamApp.Wcs;
using Xunit;

namespace SipStreamApp.Tests.Web.Wcs;

public class PropertiesTextTests
{
    [Theory]
    [InlineData("media_port_from        =31001", "media_port_from", "31001")]
    [InlineData("  a:b=c  ", "a", "b=c")]
    [InlineData("a b c", "a", "b c")]
    [InlineData("a", "a", "")]
    [InlineData("a =", "a", "")]
    [InlineData("\uFEFFa=b\r\n", "a", "b")]
    [InlineData("a=opus,\\\r\n   alaw", "a", "opus,alaw")]
    [InlineData("a=end\\", "a", "end")]
    [InlineData(@"a\ b\=c=x", "a b=c", "x")]
    [InlineData(@"a=C:\\dir\tx", "a", "C:\\dir\tx")]
    [InlineData(@"a=\u00e4\u12", "a", "äu12")]
    [InlineData(@"a=b\\", "a", @"b\")]
    [InlineData("a=b # no comment", "a", "b # no comment")]
    public void Line_IsReadAsJavaReadsIt(string text, string key, string value) => Assert.Equal(new PropertyLine(key, value), Assert.Single(PropertiesText.Read(text)));

    [Fact]
    public void CommentsAndBlankLines_AreNoSettings() => Assert.Equal(
        [new("a", "1"), new("b", "2"), new("a", "3")], PropertiesText.Read("#server ip\n\n  ! x\na=1\n \t\nb=2\n#c=1\\\na=3"));

    [Fact]
    public void AnyBytes_AreRead()
    {
        var random = new Random(5);
        const string Letters = "\\=: \t\r\n#!au0\uFEFF";
        for (var run = 0; run < 20_000; run++)
            Assert.All(PropertiesText.Read(new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)])])), line => Assert.NotNull(line.Value));
    }
}
