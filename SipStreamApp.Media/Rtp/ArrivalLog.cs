// draft-holmer-rmcat-transport-wide-cc-extensions-01: the sender numbers all its packets, the receiver tells when each arrived, and the
// sender finds out by itself how much the line carries.
//
//  |      base sequence number     |      packet status count      |
//  |       reference time, 64 ms (24)              | feedback count|
//  |          packet chunk         |  ... two bits for each packet |
//  |  arrival deltas of 250 us: one byte, or two where the chunk says so, then zeros to a full word
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Remembers when packets arrived, and writes the feedback that browsers steer their bit rate by. Pure; allocates nothing per packet.</summary>
internal sealed class ArrivalLog
{
    /// <summary>Largest body <see cref="TryWrite"/> makes.</summary>
    public const int MaxBytes = 8 + 2 * (MaxPackets / SymbolsPerChunk + 1) + 2 * MaxPackets + 4;

    // 400 packets are 100 ms of 40 Mbit/s; what is more waits for the next message.
    private const int MaxPackets = 400;
    private const int SymbolsPerChunk = 7;
    private const int Room = 2048;
    private const int MaxReorder = 128;
    private const long TickUnits = 2500;
    private const long ReferenceUnits = 256;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly (long Number, Instant At)[] _arrivals = new (long, Instant)[Room];
    private long _first;
    private long _highest;
    private bool _started;
    private bool _some;
    private byte _feedbacks;

    /// <summary>When the next feedback is due; <see cref="Instant.Never"/> while there is nothing to tell.</summary>
    public Instant NextDeadline { get; private set; } = Instant.Never;

    /// <summary>A packet with this transport-wide number arrived.</summary>
    public void Add(ushort number, Instant now)
    {
        if (!_started) (_started, _highest, _first) = (true, number + 0x1_0000L, number + 0x1_0000L);
        var extended = _highest + (short)(number - (ushort)_highest);
        // Numbers from long ago are those of a sender that has begun anew: told apart from the old ones by a turn of the counter.
        if (extended < _first - MaxReorder) extended += 0x1_0000;
        // After a leap the sender has forgotten what lay before it.
        if (extended - _highest >= Room / 2) _first = extended;
        _highest = Math.Max(_highest, extended);
        _first = Math.Min(_first, extended);
        _arrivals[extended & (Room - 1)] = (extended, now);
        if (_some) return;
        (_some, NextDeadline) = (true, now + Interval);
    }

    /// <summary>Writes the next feedback; false where there is nothing to tell. To be called until it says false.</summary>
    /// <param name="target">At least <see cref="MaxBytes"/>.</param>
    /// <param name="length">Bytes written, whole words.</param>
    public bool TryWrite(Span<byte> target, out int length)
    {
        length = 0;
        while (_first <= _highest && !Has(_first)) _first++;
        if (!_some || _first > _highest)
        {
            (_some, NextDeadline) = (false, Instant.Never);
            return false;
        }

        var count = (int)Math.Min(_highest - _first + 1, MaxPackets);
        Span<byte> deltas = stackalloc byte[2 * MaxPackets];
        Span<byte> symbols = stackalloc byte[MaxPackets];
        var reference = Units(_first) / ReferenceUnits;
        var written = Describe(ref count, reference * ReferenceUnits, symbols, deltas);

        var w = new SpanWriter(target);
        w.U16((ushort)_first);
        w.U16(count);
        w.U24((uint)reference & 0xFF_FFFF);
        w.U8(_feedbacks++);
        for (var i = 0; i < count; i += SymbolsPerChunk)
        {
            var chunk = 0xC000;
            for (var j = 0; j < SymbolsPerChunk && i + j < count; j++) chunk |= symbols[i + j] << 2 * (SymbolsPerChunk - 1 - j);
            w.U16(chunk);
        }

        w.Bytes(deltas[..written]);
        while (w.Length % 4 != 0) w.U8(0);
        length = w.Length;
        _first += count;
        return true;
    }

    // One symbol for each number (0 missing, 1 small delta, 2 large), and the deltas of those that came. A step too large for two bytes
    // (8 s) ends the message early.
    private int Describe(ref int count, long previous, Span<byte> symbols, Span<byte> deltas)
    {
        var w = new SpanWriter(deltas);
        for (var i = 0; i < count; i++)
        {
            symbols[i] = 0;
            if (!Has(_first + i)) continue;
            var at = Units(_first + i);
            var delta = at - previous;
            if (delta is < short.MinValue or > short.MaxValue)
            {
                count = i;
                break;
            }

            symbols[i] = (byte)(delta is >= 0 and <= byte.MaxValue ? 1 : 2);
            if (symbols[i] == 1) w.U8((int)delta);
            else w.U16((short)delta);
            previous = at;
        }

        return w.Length;
    }

    private bool Has(long number) => _arrivals[number & (Room - 1)].Number == number;

    private long Units(long number) => _arrivals[number & (Room - 1)].At.Ticks / TickUnits;
}
