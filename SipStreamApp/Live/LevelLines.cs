namespace SipStreamApp.Live;

/// <summary>Levels as lines of server-sent events: nothing while nothing changes, but now and then a sign of life. Pure; one owner.</summary>
internal sealed class LevelLines(int streams)
{
    // A proxy or a browser that lost its line notices it by the missing comment.
    private const int QuietTicks = 100;

    private readonly byte[] _line = [.. "data: "u8, .. new byte[streams * 2], .. "\n\n"u8];
    private readonly byte?[] _last = new byte?[streams];
    private int _quiet = int.MaxValue;

    /// <summary>The next event, valid until the next call; empty where there is nothing to say.</summary>
    public ReadOnlyMemory<byte> Next(byte?[] levels)
    {
        if (_quiet != int.MaxValue && levels.AsSpan().SequenceEqual(_last))
        {
            if (++_quiet < QuietTicks) return default;
            _quiet = 0;
            return ":\n\n"u8.ToArray();
        }

        levels.CopyTo(_last, 0);
        _quiet = 0;
        for (var i = 0; i < streams; i++)
        {
            var (high, low) = levels[i] is { } level ? ("0123456789abcdef"u8[level >> 4], "0123456789abcdef"u8[level & 15]) : ((byte)'-', (byte)'-');
            (_line[6 + 2 * i], _line[7 + 2 * i]) = (high, low);
        }

        return _line;
    }
}
