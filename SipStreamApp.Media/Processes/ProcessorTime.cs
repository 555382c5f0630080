using System.Buffers.Text;

namespace SipStreamApp.Media.Processes;

/// <summary>
/// Processor time of the program and of the programs it started (ffmpeg): those that run, and those that ran. On Linux from /proc
/// (proc(5)); on other systems the program's own only, since nothing there tells of others at a price fit for twice a second.
/// </summary>
internal static class ProcessorTime
{
    // USER_HZ: /proc counts in hundredths of a second on every architecture .NET runs on.
    private const long TicksPerClock = TimeSpan.TicksPerSecond / 100;

    /// <summary>All of it since the start of the program. One that ends in this very moment may be missing once, never twice in it.</summary>
    public static TimeSpan Used() => Environment.CpuUsage.TotalTime + (OperatingSystem.IsLinux() ? OfChildren() : TimeSpan.Zero);

    // What has ended is in the sums of its parent (cutime, cstime) from the moment it was waited for; what runs has its own. The sums are
    // read first: a child that ends in between is in none of the two rather than in both.
    internal static TimeSpan OfChildren(string self = "/proc/self")
    {
        Span<byte> buffer = stackalloc byte[8192];
        Span<byte> child = stackalloc byte[1024];
        var clocks = Fields(Path.Combine(self, "stat"), buffer, own: false);
        try
        {
            // A child is listed with the thread that started it, and handed on when that ends.
            foreach (var thread in Directory.EnumerateDirectories(Path.Combine(self, "task")))
            {
                var ids = Read(Path.Combine(thread, "children"), buffer);
                while (Utf8Parser.TryParse(ids, out int id, out var length))
                {
                    clocks += Fields($"/proc/{id}/stat", child, own: true);
                    ids = ids[Math.Min(length + 1, ids.Length)..];
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system that hides /proc: the program's own time counts.
        }

        return TimeSpan.FromTicks(clocks * TicksPerClock);
    }

    // utime, stime, cutime and cstime are the fields 14 to 17; the second is the name in brackets and may hold blanks.
    private static long Fields(string file, Span<byte> buffer, bool own)
    {
        var text = Read(file, buffer);
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        var sum = 0L;
        for (var field = 2; field <= 17 && text.Length > 0; field++)
        {
            var end = text.IndexOf((byte)' ');
            var word = end < 0 ? text : text[..end];
            if (field >= (own ? 14 : 16) && Utf8Parser.TryParse(word, out long clocks, out _)) sum += clocks;
            text = end < 0 ? [] : text[(end + 1)..];
        }

        return sum;
    }

    private static ReadOnlySpan<byte> Read(string file, Span<byte> buffer)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            return buffer[..RandomAccess.Read(handle, buffer, 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // It ended between the list and the look.
        }
    }
}
