using System.Diagnostics;
using System.Globalization;
using System.Text;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary>
/// <c>GET /?action=stat</c>: figures of the server as plain text, under the names of WCS; sections are lines of dashes with a name, as the Web SDK reads
/// them. <c>&amp;format=json</c> gives the same as JSON, <c>&amp;groups=port_stats,call_stats</c> some sections.
/// </summary>
internal sealed class StatPage(MediaEngine engine, IClientSessions sessions, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (long At, TimeSpan Busy) _before = (time.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
    private double _cpu;

    /// <summary>True for a request that asks for the figures and not for the page at "/".</summary>
    public static bool IsAsked(HttpContext http) =>
        http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method) && http.Request.Query["action"] == "stat";

    public static Task WriteAsync(HttpContext http)
    {
        var page = http.RequestServices.GetRequiredService<StatPage>();
        var groups = http.Request.Query["groups"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var sections = page.Sections().Where(s => groups.Length == 0 || groups.Contains($"{s.Name.ToLowerInvariant()}_stats", StringComparer.OrdinalIgnoreCase)).ToList();
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.Query["format"] != "json")
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            return http.Response.WriteAsync(Text(sections), http.RequestAborted);
        }

        var json = sections.ToDictionary(s => s.Name.ToLowerInvariant() + "_stats", s => s.Figures.ToDictionary(f => f.Key, f => f.Value));
        return http.Response.WriteAsJsonAsync(json, ApiJson.Default.DictionaryStringDictionaryStringString, cancellationToken: http.RequestAborted);
    }

    internal static string Text(IReadOnlyList<StatSection> sections)
    {
        var text = new StringBuilder();
        foreach (var section in sections)
        {
            text.Append("-----").Append(section.Name).Append(" Stats-----\n");
            foreach (var (key, value) in section.Figures) text.Append(key).Append('=').Append(value).Append('\n');
        }

        return text.ToString();
    }

    internal IReadOnlyList<StatSection> Sections()
    {
        var clients = sessions.All;
        var played = clients.SelectMany(c => c.Streams).ToList();
        var calls = engine.Calls.Where(c => !c.IsEnded).ToList();
        var streams = engine.Streams.Where(s => s.State == StreamState.Live).ToList();
        var pushes = engine.FindPushes().Where(p => p.State == PushState.Publishing).ToList();
        var readers = streams.SelectMany(s => s.Readers).ToList();
        var (first, last) = Ports(engine.Options.Media.RtpPorts);
        var memory = GC.GetGCMemoryInfo();
        var process = Process.GetCurrentProcess();
        return
        [
            new("Connection", [("connections", Say(clients.Count)), ("connections_rtmfp", "0"), ("connections_websocket", Say(clients.Count))]),
            new("Port",
            [
                ("ports_media_free", Say(Math.Max(0, (last - first + 1) / 2 - engine.RtpPortsInUse))), ("ports_media_busy", Say(engine.RtpPortsInUse)), ("ports_media_quarantine", "0"),
            ]),
            new("Stream",
            [
                ("streams_rtsp_in", "0"), ("streams_rtsp_out", Say(pushes.Count(p => p.Target.StartsWith("rtsp", StringComparison.Ordinal)))),
                ("streams_websocket_out", Say(readers.Count(r => r.Kind == "mse"))), ("streams_hls", Say(readers.Count(r => r.Kind == "hls"))), ("streams_rtmp_in", "0"),
                ("streams_rtmp_out", Say(pushes.Count(p => p.Target.StartsWith("rtmp", StringComparison.Ordinal)))),
                ("streams_webrtc_in", Say(played.Count(p => p.Published))), ("streams_webrtc_out", Say(engine.WebRtcViewers.Count)), ("streams_rtmfp_in", "0"), ("streams_rtmfp_out", "0"),
                ("streams_sip_in", Say(streams.Count(s => s.CallId is not null))),
                ("streams_viewers", string.Join(';', streams.Where(s => s.Viewers > 0).Select(s => $"{s.Name}/{Say(s.Viewers)}"))),
                ("streams_synchronization", string.Join(';', streams.Where(s => s.AvOffset is not null).Select(s => $"{s.Name}/{Say((long)s.AvOffset!.Value.TotalMilliseconds)}"))),
            ]),
            new("Call", [("calls", Say(calls.Count)), ("calls_established", Say(calls.Count(c => c.Status is CallStatus.Established or CallStatus.Hold)))]),
            new("Recording", [("recordings", Say(engine.Recordings.Count(r => r.State == RecordingState.Recording))), ("recordings_finishing", Say(engine.Recordings.Count(r => r.State == RecordingState.Finishing)))]),
            new("Push", [("pushes", Say(engine.FindPushes().Count)), ("pushes_publishing", Say(pushes.Count))]),
            new("Core",
            [
                ("core_version", typeof(StatPage).Assembly.GetName().Version?.ToString(3) ?? ""), ("core_threads", Say(process.Threads.Count)),
                ("core_heap_megabytes", Say(GC.GetTotalMemory(false) >> 20)), ("core_resident_megabytes", Say(process.WorkingSet64 >> 20)),
            ]),
            new("System",
            [
                ("system_java_cpu_usage", Cpu(process).ToString("F1", CultureInfo.InvariantCulture)), ("system_memory_total", Say(memory.TotalAvailableMemoryBytes >> 20)),
                ("system_memory_free", Say(Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) >> 20)),
            ]),
        ];
    }

    // Percent of all cores since the question before; questions in quick succession get the same answer.
    private double Cpu(Process process)
    {
        lock (_lock)
        {
            var passed = time.GetElapsedTime(_before.At);
            if (passed < TimeSpan.FromMilliseconds(500)) return _cpu;
            var busy = process.TotalProcessorTime;
            _cpu = Math.Clamp(100 * (busy - _before.Busy) / passed / Environment.ProcessorCount, 0, 100);
            _before = (time.GetTimestamp(), busy);
            return _cpu;
        }
    }

    private static (int First, int Last) Ports(string range)
    {
        var dash = range.IndexOf('-');
        return (int.Parse(range.AsSpan(0, dash), CultureInfo.InvariantCulture), int.Parse(range.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    private static string Say(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One section of the figures.</summary>
internal sealed record StatSection(string Name, IReadOnlyList<(string Key, string Value)> Figures);
