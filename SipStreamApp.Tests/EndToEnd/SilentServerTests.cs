using System.Net;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.EndToEnd.CallDetail;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Takes 32 s by the RFC's timer B; a class of its own, so that it runs beside the others.</summary>
public class SilentServerTests
{
    [Fact]
    public async Task Startup_ServerSwallowsEverything_EndsAfterTimerB()
    {
        using var hole = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var app = await RunningApp.StartAsync();
        await FailedCallTests.CallAsync(app, "c1", ((IPEndPoint)hole.Client.LocalEndPoint!).Port);
        await FailedCallTests.EndsAsync(app, "c1", CallStatus.Failed, "no-reply", TimeSpan.FromSeconds(40));
        await new CauseCard("c1", "no-reply", "did not answer", "Try TCP if the server speaks it.").AssertAsync(app, TimeSpan.FromSeconds(5));
    }
}
