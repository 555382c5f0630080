using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using SipStreamApp.Tests.Kit;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Reads a product from outside: /proc, /metrics, and a full collection asked for by the runtime's diagnostics port.</summary>
internal sealed class Gauge(Product product) : IDisposable
{
    // ClrEtwAll.man: GCHeapCollectKeyword; a session that asks for it makes the runtime collect all generations once, blocking.
    private const long CollectKeyword = 0x80_0000;

    private readonly HttpClient _http = new() { BaseAddress = new Uri(product.Url), Timeout = TimeSpan.FromSeconds(30) };
    private readonly string _proc = $"/proc/{product.ProcessId}";

    public void Dispose() => _http.Dispose();

    public async Task<Reading> ReadAsync()
    {
        // An answer of /metrics is kept for 0.3 s.
        await Task.Delay(400);
        var metrics = new Metrics(await _http.GetStringAsync("/metrics"));
        var kinds = Descriptors();
        var sockets = kinds.Where(k => k.StartsWith("socket:[", StringComparison.Ordinal)).Select(k => k[8..^1]).ToHashSet();
        var udp = Ports("udp", sockets).Concat(Ports("udp6", sockets)).ToList();
        return new Reading
        {
            Descriptors = kinds.Count,
            UdpSockets = udp.Count,
            TcpSockets = Ports("tcp", sockets).Count() + Ports("tcp6", sockets).Count(),
            RtpPorts = udp.Count(Product.IsRtpPort),
            Threads = (int)Status("Threads:"),
            Children = Children(),
            Resident = ResidentNow(),
            Heap = (long)(metrics.Sum("dotnet_gc_last_collection_heap_size_bytes") - metrics.Sum("dotnet_gc_last_collection_heap_fragmentation_size_bytes")),
            Timers = (int)metrics.Sum("dotnet_timer_count"),
            Queued = (int)metrics.Sum("dotnet_thread_pool_queue_length_total"),
            Calls = (int)metrics.Sum("sipstream_calls"),
            Streams = (int)metrics.Sum("sipstream_streams"),
            Viewers = (int)metrics.Sum("sipstream_viewers"),
            Recordings = (int)(metrics.Sum("sipstream_recordings") + metrics.Sum("sipstream_recordings_finishing")),
        };
    }

    /// <summary>VmRSS, bytes.</summary>
    public long ResidentNow() => Status("VmRSS:") * 1024;

    /// <summary>A full collection inside of the product, and a reading after it.</summary>
    public async Task<Reading> ReadCollectedAsync()
    {
        await CollectAsync();
        return await ReadAsync();
    }

    /// <summary>Collects until what finalizers let go is gone, too.</summary>
    public async Task<Reading> ReadSettledAsync()
    {
        for (var i = 0; i < 3; i++) await CollectAsync();
        return await ReadAsync();
    }

    private async Task CollectAsync()
    {
        var before = await CollectionsAsync();
        var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectKeyword);
        using (var session = await new DiagnosticsClient(product.ProcessId).StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 1, CancellationToken.None))
        {
            var drained = session.EventStream.CopyToAsync(Stream.Null);
            await session.StopAsync(CancellationToken.None);
            await drained;
        }

        var collected = await Wait.UntilAsync(async () => await CollectionsAsync() > before, TimeSpan.FromSeconds(10), pollMs: 350);
        if (!collected) throw new InvalidOperationException("The runtime of the product did not collect when it was asked to.");
    }

    private async Task<double> CollectionsAsync() => new Metrics(await _http.GetStringAsync("/metrics")).Sum("dotnet_gc_collections_total", "gen2");

    private List<string> Descriptors()
    {
        var kinds = new List<string>();
        foreach (var descriptor in new DirectoryInfo(_proc + "/fd").EnumerateFileSystemInfos())
            if (TargetOf(descriptor) is { } target) kinds.Add(target);
        return kinds;
    }

    // One that was closed since the folder was listed has none.
    private static string? TargetOf(FileSystemInfo descriptor)
    {
        try
        {
            return descriptor.LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // sl local_address rem_address st queues tr:tm retrnsmt uid timeout inode ...
    private IEnumerable<int> Ports(string table, HashSet<string> sockets) =>
        from line in File.ReadLines($"{_proc}/net/{table}").Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where sockets.Contains(fields[9])
        select int.Parse(fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private int Children() => Directory.GetDirectories(_proc + "/task").Sum(task =>
    {
        try
        {
            return File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        }
        catch (IOException)
        {
            return 0; // a thread that ended in the meantime
        }
    });

    private long Status(string name) =>
        long.Parse(File.ReadLines(_proc + "/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
