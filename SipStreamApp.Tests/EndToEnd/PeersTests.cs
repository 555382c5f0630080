using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

public class PeersTests
{
    [Fact]
    public async Task KamailioAndBaresip_OnLoopback_StartAndRegister()
    {
        await using var server = await Kamailio.StartAsync();
        await using var phone = await Baresip.StartAsync(server, new BaresipOptions());
        Assert.Contains("200 OK", phone.Output, StringComparison.Ordinal);
    }
}
