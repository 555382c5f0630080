using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class PushAddressTests
{
    [Theory]
    [InlineData("rtmp://host/app", "rtmp://host/app")]
    [InlineData("rtmp://host:1936/app/key", "rtmp://host:1936/app/****")]
    [InlineData("rtmp://host/app/a/b?c=d", "rtmp://host/app/****?****")]
    [InlineData("rtmps://user:word@host/app", "rtmps://****@host/app")]
    [InlineData("srt://host:9000?streamid=key", "srt://host:9000?****")]
    [InlineData("rtmp://[::1]:1935/app", "rtmp://[::1]:1935/app")]
    public void TryParse_GoodAddress_ShowsItWithoutItsSecrets(string url, string shown)
    {
        Assert.True(PushAddress.TryParse(url, out var address, out _));
        Assert.Equal(shown, address.Masked);
        Assert.Equal(shown, $"{address}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-i")]
    [InlineData("host/app")]
    [InlineData("http://host/app")]
    [InlineData("file:///etc/passwd")]
    [InlineData("tee:rtmp://host/app")]
    [InlineData("rtmp:///app")]
    [InlineData("rtmp://host/app live=1")]
    [InlineData("rtmp://host/app\nx")]
    [InlineData("rtmp://host/app#x")]
    [InlineData("rtmp://-host/app")]
    [InlineData("srt://host")]
    public void TryParse_AnythingElse_IsRefusedWithItsField(string? url)
    {
        Assert.False(PushAddress.TryParse(url, out _, out var failure));
        Assert.Equal("rtmpUrl", failure.Field);
        Assert.Equal("****", PushTarget.Mask(url ?? ""));
    }

    [Fact]
    public void With_PutsTheNameBeforeTheQuery()
    {
        Assert.True(PushAddress.TryParse("rtmp://host/app/?token=abc", out var address, out _));
        Assert.Equal("rtmp://host/app/rtmp_x?token=abc", address.With("rtmp_x").Url);
    }

    [Fact]
    public void Hide_TakesEverySecretOutOfForeignWords()
    {
        Assert.True(PushAddress.TryParse("rtmp://joe:pa%20ss@host/app/my-key?token=t0ken", out var address, out _));
        var hidden = address.Hide("rtmp://joe:pa%20ss@host/app/my-key?token=t0ken: refused; my-key pa ss t0ken");
        foreach (var secret in new[] { "my-key", "pa%20ss", "pa ss", "t0ken", "joe" }) Assert.DoesNotContain(secret, hidden, StringComparison.Ordinal);
        Assert.Contains("refused", hidden, StringComparison.Ordinal);
    }
}
