using System.Globalization;

namespace SipStreamApp.Media.Push;

/// <summary>What a sending ffmpeg tells of its progress, line by line (its option -progress). Lines come on one thread; read by any.</summary>
internal sealed class SenderProgress
{
    private const string SizeKey = "total_size=";
    private const string TimeKey = "out_time_us=";

    private long _fed;
    private long _size;
    private long _time;
    private int _reports;
    private bool _isUntold;

    /// <summary>Bytes it gave to the network. Its RTSP sender does not count: there it is what it took from us while it went on sending.</summary>
    public long Size => Interlocked.Read(ref _size);

    /// <summary>How many of its reports said that more had gone out.</summary>
    public int Reports => Volatile.Read(ref _reports);

    /// <summary>So many bytes were written to its input.</summary>
    public void Fed(int bytes) => Interlocked.Add(ref _fed, bytes);

    public void Take(string line)
    {
        if (line.StartsWith(SizeKey, StringComparison.Ordinal))
        {
            _isUntold = !TryValue(line, SizeKey, out var size);
            if (!_isUntold) Set(size);
        }
        else if (_isUntold && line.StartsWith(TimeKey, StringComparison.Ordinal) && TryValue(line, TimeKey, out var time) && time > _time)
        {
            // The time of what was written last: it stands still while a write waits.
            _time = time;
            Set(Interlocked.Read(ref _fed));
        }
    }

    private void Set(long size)
    {
        if (size > Size) Interlocked.Increment(ref _reports);
        Interlocked.Exchange(ref _size, size);
    }

    private static bool TryValue(string line, string key, out long value) => long.TryParse(line.AsSpan(key.Length), CultureInfo.InvariantCulture, out value);
}
