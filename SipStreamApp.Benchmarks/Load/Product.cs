using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>The real program as a process of its own, on loopback, with a data folder that goes away with it.</summary>
internal sealed class Product : IAsyncDisposable
{
    // Below the ports the system hands out by itself, and away from those of the tests, which may run beside it.
    private const int RtpFirst = 10_000, RtpLast = 11_999;

    private readonly TestFolder _folder = new();
    private readonly PeerProcess _process;

    private Product(int http, int sip, int webRtc)
    {
        Url = $"http://127.0.0.1:{http}";
        var program = System.IO.Path.Combine(Root(), "SipStreamApp", "bin", Configuration, "net10.0", "SipStreamApp.dll");
        if (!File.Exists(program)) throw new InvalidOperationException($"{program} is not there: build it first (dotnet build SipStreamApp -c {Configuration})");
        // Everything as it comes, but for the ports, the limit that is there to stop such a load, and recordings: thirty end in a minute of the soak,
        // and one low-priority child at a time does not keep up with them where the machine has other work.
        _process = PeerProcess.Start("dotnet", _folder.Path,
        [
            program, "--Urls", Url, "--Data:Directory", _folder.File("data"), "--Sip:Address", "127.0.0.1", "--Sip:Port", $"{sip}", "--WebRtc:Address", "127.0.0.1",
            "--WebRtc:Port", $"{webRtc}", "--Media:RtpPorts", $"{RtpFirst}-{RtpLast}", "--Limits:CallsPerKeyPerMinute", "0", "--Recording:FinishingJobs", "4",
        ]);
    }

    public string Url { get; }

    public int ProcessId => _process.ProcessId;

    public bool HasExited => _process.HasExited;

    /// <summary>Ports of calls, as the program was told.</summary>
    public static bool IsRtpPort(int port) => port is >= RtpFirst and <= RtpLast;

    public static async Task<Product> StartAsync()
    {
        var product = new Product(FreePort.Next(), FreePort.Next(), FreePort.Next());
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var ready = await Wait.UntilAsync(async () => product.HasExited || await IsReadyAsync(http, product.Url), TimeSpan.FromSeconds(60));
        if (ready && !product.HasExited) return product;
        var output = product._process.Output;
        await product.DisposeAsync();
        throw new InvalidOperationException("The program did not start:\n" + output);
    }

    /// <summary>Lines of that level in its log file ("Error", "Fatal", "Warning").</summary>
    public IEnumerable<string> Logged(params string[] levels)
    {
        foreach (var file in Directory.GetFiles(_folder.File("data/logs")))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (reader.ReadLine() is { } line)
                if (levels.Any(l => line.Contains($"\"@l\":\"{l}\"", StringComparison.Ordinal))) yield return line;
        }
    }

    /// <summary>Bytes under its data folder.</summary>
    public long DiskBytes() => new DirectoryInfo(_folder.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Exists ? f.Length : 0);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static async Task<bool> IsReadyAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(url + "/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SipStreamApp.sln"))) return folder.FullName;
        throw new InvalidOperationException("SipStreamApp.sln was not found above " + AppContext.BaseDirectory);
    }
}
