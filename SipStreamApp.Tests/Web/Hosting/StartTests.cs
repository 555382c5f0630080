using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace SipStreamApp.Tests.Web.Hosting;

/// <summary>The program as a process: what a person sees who starts it wrongly.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_SettingsWrong_ListsThemAndExitsWith1()
    {
        using var folder = new TempFolder();
        var (exit, text) = await RunAsync(folder, "--Sip:Port", "99999", "--Limits:Viewers", "none");

        Assert.Equal(1, exit);
        Assert.Contains("Sip:Port is \"99999\"; it must be a whole number from 0 to 65535.", text, StringComparison.Ordinal);
        Assert.Contains("Limits:Viewers is \"none\"; it must be a whole number from 1 to 100000.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_HttpPortTaken_SaysWhichAndHowToChangeIt()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exit, text) = await RunAsync(folder, "--Urls", $"http://127.0.0.1:{port}");

        Assert.Equal(1, exit);
        Assert.Contains($"HTTP port {port} (http://127.0.0.1:{port}) is already taken by another program. Choose other addresses by the key Urls", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sip:Port")]
    [InlineData("WebRtc:Port")]
    public async Task Start_UdpPortTaken_SaysWhichAndHowToChangeIt(string key)
    {
        using var folder = new TempFolder();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        var (exit, text) = await RunAsync(folder, "--" + key, port, "--WebRtc:Address", "127.0.0.1");

        Assert.True(exit == 1, $"Ended with {exit}:\n{text}");
        Assert.Contains(port, text, StringComparison.Ordinal);
        Assert.Contains(key, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataDirectoryIsAFile_SaysSo()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["file"], "x");
        var (exit, text) = await RunAsync(folder, "--Data:Directory", folder["file"]);

        Assert.Equal(1, exit);
        Assert.Contains("Data:Directory is ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeysCannotBeWritten_SaysWhichFolderToMend()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["keys"], "in the way");
        var (exit, text) = await RunAsync(folder);

        Assert.Equal(1, exit);
        Assert.Contains("and the folder keys cannot be made in it", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Text)> RunAsync(TempFolder folder, params string[] args)
    {
        string[] free = ["--Urls", "http://127.0.0.1:0", "--Data:Directory", folder.Path, "--Sip:Address", "127.0.0.1", "--Sip:Port", "0", "--WebRtc:Port", "0"];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SipStreamApp.dll"), .. free, .. args])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder.Path,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, string.Concat(texts));
    }
}
