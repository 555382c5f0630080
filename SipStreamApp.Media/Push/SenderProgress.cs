using System.Globalization;

namespace SipStreamApp.Media.Push;

/// <summary>What a sending ffmpeg tells of its progress, line by line (its option -progress). Written by one thread, read by any.</summary>
internal sealed class SenderProgress
{
    private long _size;
    private int _reports;

    /// <summary>Bytes it gave to the network.</summary>
    public long Size => Interlocked.Read(ref _size);

    /// <summary>How many of its reports said that more bytes had gone out.</summary>
    public int Reports => Volatile.Read(ref _reports);

    public void Take(string line)
    {
        const string Key = "total_size=";
        if (!line.StartsWith(Key, StringComparison.Ordinal) || !long.TryParse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture, out var size)) return;
        if (size > Size) Interlocked.Increment(ref _reports);
        Interlocked.Exchange(ref _size, size);
    }
}
