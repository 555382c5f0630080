// Linux: /proc/net/tcp, proc(5) and Documentation/networking/proc_net_tcp: "tx_queue" counts bytes that the other side has not acknowledged
// yet, "tr" is the timer that runs (4: zero window probe), "inode" names the socket.
using System.Globalization;

namespace SipStreamApp.Media.Push;

/// <summary>
/// How many bytes lie in a child's TCP sockets without being acknowledged. The child counts what it gave to the kernel; only together
/// with this it is known what a server really took, and that it has stopped taking. Elsewhere than on Linux it is always 0.
/// </summary>
internal sealed class SocketBacklog
{
    private const string ZeroWindowProbe = "04";

    private readonly Dictionary<string, (long Bytes, bool IsFull)> _queues = [];

    /// <summary>Reads the tables of the machine; once per round, whatever the number of children.</summary>
    public void Refresh()
    {
        _queues.Clear();
        if (!OperatingSystem.IsLinux()) return;
        foreach (var table in (ReadOnlySpan<string>)["/proc/self/net/tcp", "/proc/self/net/tcp6"])
            if (File.Exists(table)) foreach (var line in File.ReadLines(table).Skip(1)) Add(line);
    }

    /// <summary>Unacknowledged bytes of a process, and whether the other side's buffer is full.</summary>
    public (long Bytes, bool IsFull) Of(int processId)
    {
        if (_queues.Count == 0) return default;
        var (sum, isFull) = (0L, false);
        try
        {
            foreach (var link in Directory.EnumerateFiles($"/proc/{processId}/fd"))
                if (new FileInfo(link).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal) && _queues.TryGetValue(target[8..^1], out var queued))
                    (sum, isFull) = (sum + queued.Bytes, isFull || queued.IsFull);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // The child has just ended.
        }

        return (sum, isFull);
    }

    private void Add(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[5].Split(':') is not [var timer, _] || fields[4].Split(':') is not [var queue, _]) return;
        if (long.TryParse(queue, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bytes) && bytes > 0) _queues[fields[9]] = (bytes, timer == ZeroWindowProbe);
    }
}
