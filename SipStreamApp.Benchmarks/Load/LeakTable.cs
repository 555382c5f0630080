using System.Globalization;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Start, end, difference and what is allowed: constants, whatever the number of calls.</summary>
internal static class LeakTable
{
    private const string Exact = "must be the same";

    private static readonly (string Name, Func<Reading, double> Value, double Slack, string Why)[] Rows =
    [
        ("calls, streams, viewers, recordings", r => r.Calls + r.Streams + r.Viewers + r.Recordings, 0, Exact),
        ("RTP ports", r => r.RtpPorts, 0, Exact),
        ("UDP sockets", r => r.UdpSockets, 0, Exact),
        ("TCP sockets", r => r.TcpSockets, 0, Exact),
        ("child processes", r => r.Children, 0, Exact),
        ("file descriptors", r => r.Descriptors, 8, "two database connections of the pool, with log and index, may be open at one time and not at the other"),
        ("threads", r => r.Threads, 16, "the pool of the runtime adds threads while work waits, and keeps idle ones for 20 s"),
        ("timers", r => r.Timers, 4, "periodic work of Kestrel and of connection pools"),
        ("waiting work", r => r.Queued, 0, Exact),
        ("managed heap, MB", r => r.Heap / Reading.Megabyte, 2, "buffers of pools, compiled expressions, tables that grew to their size"),
        ("resident memory, MB", r => r.Resident / Reading.Megabyte, 60, "the collector keeps free memory of the busy time (DATAS), and tiered compilation goes on"),
    ];

    /// <summary>True where nothing grew by more than its slack.</summary>
    public static bool Judge(Reading start, Reading end, Action<string> say)
    {
        var passed = true;
        say($"{"",-36}{"start",10}{"end",10}{"change",10}{"allowed",9}");
        foreach (var (name, value, slack, why) in Rows)
        {
            var change = value(end) - value(start);
            var good = change <= slack;
            passed &= good;
            say(string.Create(
                CultureInfo.InvariantCulture, $"{name,-36}{value(start),10:0.##}{value(end),10:0.##}{change,10:+0.##;-0.##;0}{slack,9:0.##}  {(good ? "" : "TOO MUCH: ")}{why}"));
        }

        return passed;
    }
}
