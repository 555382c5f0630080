using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class PrivateTargetsTests
{
    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:c0a8:101::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2130706433", false)]
    [InlineData("0x7f.1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("64:ff9b::808:808", true)]
    public async Task Check_Address_IsPublicOrRefused(string address, bool allowed)
    {
        Assert.Equal(allowed, PrivateTargets.IsPublic(IPAddress.Parse(address)));
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        Assert.Equal(allowed ? null : "private-target", (await PrivateTargets.CheckAsync(host, default))?.Code);
    }

    [Fact]
    public async Task Push_ToAPrivateNameWhereRefused_FailsInPlainWords()
    {
        await using var app = await RunningApp.StartAsync("--Push:PrivateTargets", "refuse");
        await app.CallDemoAsync("ssrf");
        Assert.True(StreamName.TryParse("ssrf", out var stream));
        var started = app.Engine.StartPush(new PushRequest(stream, "rtmp://localhost:6379/app"));
        Assert.True(started.Succeeded);
        await Wait.ForAsync(() => app.Engine.Pushes.Any(p => p.State == PushState.Failed), TimeSpan.FromSeconds(20), () => $"{app.Engine.Pushes[0].State} {app.Engine.Pushes[0].Cause}");
        Assert.Equal("private-target", app.Engine.Pushes[0].Cause!.Code);
    }

    [Theory]
    [InlineData("auto", "false", "auto")]
    [InlineData("auto", "true", "refuse")]
    [InlineData("allow", "true", "allow")]
    public async Task Auto_RefusesWhereUsersAreRequired(string setting, string login, string used)
    {
        await using var app = await RunningApp.StartAsync("--Push:PrivateTargets", setting, "--Security:RequireLogin", login, "--Security:AdminPassword", "correct horse battery");
        Assert.Equal(used, app.Engine.Options.Push.PrivateTargets);
    }
}
