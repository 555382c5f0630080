using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class SipAddressesTests
{
    [Theory]
    [InlineData(SipTransportChoice.Auto, null, null, "sip:10005@lab.test")]
    [InlineData(SipTransportChoice.Tcp, null, null, "sip:10005@lab.test;transport=tcp")]
    [InlineData(SipTransportChoice.Udp, null, 5070, "sip:10005@lab.test:5070;transport=udp")]
    [InlineData(SipTransportChoice.Tcp, "192.0.2.1", 5070, "sip:10005@lab.test")]
    public void TryCallee_Number_BecomesAUserOfTheDomain(SipTransportChoice transport, string? proxy, int? port, string expected)
    {
        Assert.True(SipAddresses.TryFrom(new SipIdentity("10006", "lab.test") { Transport = transport, OutboundProxy = proxy, Port = port }, out var addresses, out _));
        Assert.True(addresses.TryCallee("10005", out var uri));
        Assert.Equal(expected, uri.Text);
    }

    [Theory]
    [InlineData("192.0.2.1", 5070, SipTransportChoice.Auto, "sip:192.0.2.1:5070")]
    [InlineData("192.0.2.1:5080", 5070, SipTransportChoice.Udp, "sip:192.0.2.1:5080;transport=udp")]
    [InlineData("sip:proxy.lab.test;transport=tcp", null, SipTransportChoice.Auto, "sip:proxy.lab.test;transport=tcp")]
    [InlineData("sip.lab.test:5061", null, SipTransportChoice.Auto, "sip:sip.lab.test:5061")]
    public void TryFrom_OutboundProxy_TakesHostPortOrUri(string proxy, int? port, SipTransportChoice transport, string expected)
    {
        Assert.True(SipAddresses.TryFrom(new SipIdentity("a", "lab.test") { OutboundProxy = proxy, Port = port, Transport = transport }, out var addresses, out _));
        Assert.Equal(expected, addresses.Proxy!.Text);
    }

    [Fact]
    public void TryFrom_DomainThatIsNone_SaysSo()
    {
        Assert.False(SipAddresses.TryFrom(new SipIdentity("a", "no domain<>"), out _, out var wrong));
        Assert.Equal("bad-address", wrong.Code);
    }
}
