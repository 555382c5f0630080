using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SipStreamApp.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Hosting;

/// <summary>A start that fails: what had begun by then ends first.</summary>
public sealed class StartEndTests
{
    [Fact]
    public async Task Start_Fails_EndsWhatRunsBeforeItsDatabaseGoes()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var slow = new SlowToEnd();

        var exit = await AppHost.RunAsync(
            ["--Urls", $"http://127.0.0.1:{port}", "--Data:Directory", folder.Path, "--Sip:Address", "127.0.0.1", "--Sip:Port", "0", "--WebRtc:Port", "0"],
            services => services.AddSingleton<IHostedService>(slow));

        Assert.Equal((1, true), (exit, slow.HasEnded));
    }

    private sealed class SlowToEnd : BackgroundService
    {
        public bool HasEnded { get; private set; }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(300, CancellationToken.None);
            HasEnded = true;
        }
    }
}
