using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>
/// Puts the packets of one m-line back in order, takes the jitter out of their release and marks what is missing.
/// Order always holds: nothing behind a gap is released before the gap is filled or its time has run out.
/// </summary>
/// <remarks>
/// A ring of slots over an index that only grows. A new source (or a jump too wide for the ring) opens a new epoch: what is
/// held from the epoch before becomes due at once, so a change of source costs no packet that had arrived.
/// </remarks>
internal sealed class JitterBuffer
{
    // Room below the first index of an epoch, for packets that overtook each other right at its start.
    private const int Headroom = 64;
    private static readonly TimeSpan LineWindow = TimeSpan.FromSeconds(5);

    private readonly JitterOptions _options;
    private readonly Stack<byte[]> _free = new();
    private Slot[] _ring = new Slot[64];
    private ArrivalLine _line;
    private byte[]? _lent;
    private int _held;
    private long _head;
    private long _next = long.MinValue;
    private long _highest;
    private ushort _highestSequence;
    private long _floor;
    private int _epoch;
    private int _releasedEpoch;
    private int _lostAtEpoch;
    private Ssrc _ssrc;
    private bool _started;
    private Instant _gapSince = Instant.Never;

    public JitterBuffer(int clockRate, JitterOptions? options = null)
    {
        _options = options ?? new JitterOptions();
        _line = new ArrivalLine(clockRate, LineWindow, _options.MaxDelay);
        Target = _options.Target;
    }

    /// <summary>The target now in force: the one set, or more where the buffer has adapted.</summary>
    public TimeSpan Target { get; private set; }

    /// <summary>Packets held.</summary>
    public int Count => _held;

    public long Late { get; private set; }

    public long Duplicates { get; private set; }

    public long TooLarge { get; private set; }

    public long Overflows { get; private set; }

    /// <summary>Packets given up as missing.</summary>
    public long Lost { get; private set; }

    /// <summary>When <see cref="TryTake"/> has something to give, if nothing else arrives.</summary>
    public Instant NextDeadline => _held == 0 ? Instant.Never : DueAt(in _ring[_head & (_ring.Length - 1)]);

    /// <summary>Takes a copy of a packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="now">Its arrival.</param>
    /// <param name="timed">False where its timestamp does not follow the media clock.</param>
    /// <param name="keepPlaceOnly">Only its number counts; it comes out empty.</param>
    /// <param name="resent">It was sent again: its arrival says nothing about the line, and it is due at once.</param>
    public JitterResult Push(in RtpPacket packet, Instant now, bool timed = true, bool keepPlaceOnly = false, bool resent = false)
    {
        Reclaim();
        var payload = keepPlaceOnly ? default : packet.Payload;
        if (payload.Length > _options.MaxPacketBytes)
        {
            TooLarge++;
            return JitterResult.TooLarge;
        }

        if (!_started || packet.Ssrc != _ssrc) Restart();
        if (!_started) Begin(in packet);
        var index = _highest + (short)(packet.SequenceNumber - _highestSequence);
        if (index < _next || index < _floor) return Stale(index);
        if (_held > 0 && index - _head >= _options.MaxPackets)
        {
            // Wider than the ring: what is held goes out now, and the hole is carried over as a number.
            var missing = (int)(index - _highest - 1);
            Restart();
            Begin(in packet);
            _lostAtEpoch = missing;
            index = _highest;
        }

        if (!Fit(index))
        {
            Overflows++;
            return JitterResult.Overflow;
        }

        ref var slot = ref _ring[index & (_ring.Length - 1)];
        if (slot.Held)
        {
            Duplicates++;
            return JitterResult.Duplicate;
        }

        slot = new Slot
        {
            Index = index, Held = true, Epoch = _epoch, LostAtStart = _lostAtEpoch, Buffer = Copy(payload), Length = payload.Length,
            PayloadType = packet.PayloadType, Marker = packet.Marker, Timed = timed, Sequence = packet.SequenceNumber,
            Timestamp = packet.Timestamp, Ssrc = packet.Ssrc, ArrivedAt = now, ReleaseAt = resent ? now : ReleaseAt(in packet, now, timed),
        };
        if (_held++ == 0 || index < _head) _head = index;
        if (index > _highest) (_highest, _highestSequence) = (index, packet.SequenceNumber);
        NoteGap();
        return JitterResult.Held;
    }

    /// <summary>The next packet in order, once its time has come.</summary>
    public bool TryTake(Instant now, out JitterPacket packet)
    {
        Reclaim();
        packet = default;
        if (_held == 0) return false;
        ref var slot = ref _ring[_head & (_ring.Length - 1)];
        if (DueAt(in slot) > now) return false;

        var newSource = slot.Epoch != _releasedEpoch;
        var first = _next == long.MinValue;
        var lost = newSource ? slot.LostAtStart : first ? 0 : (int)(slot.Index - _next);
        Lost += lost;
        packet = new JitterPacket
        {
            Payload = slot.Buffer.AsSpan(0, slot.Length), PayloadType = slot.PayloadType, Marker = slot.Marker, Timed = slot.Timed,
            SequenceNumber = slot.Sequence, Timestamp = slot.Timestamp, Ssrc = slot.Ssrc, ArrivedAt = slot.ArrivedAt,
            LostBefore = lost, Gap = lost > 0 || (newSource && !first), NewSource = newSource,
        };
        (_lent, slot.Buffer, slot.Held, slot.Released) = (slot.Buffer, null, false, true);
        (_next, _releasedEpoch, _gapSince) = (slot.Index + 1, slot.Epoch, Instant.Never);
        if (--_held > 0) FindHead();
        NoteGap();
        return true;
    }

    /// <summary>The next packet opens a new run: other numbers, other timestamps. What is held is due at once.</summary>
    public void Restart()
    {
        _started = false;
        _lostAtEpoch = 0;
        _line.Clear();
    }

    private void Begin(in RtpPacket packet)
    {
        _floor = _highest + 1;
        _highest += Headroom + 1;
        _highestSequence = packet.SequenceNumber;
        _ssrc = packet.Ssrc;
        _started = true;
        _epoch++;
    }

    private JitterResult Stale(long index)
    {
        ref var slot = ref _ring[index & (_ring.Length - 1)];
        if (slot.Index == index && slot.Released)
        {
            Duplicates++;
            return JitterResult.Duplicate;
        }

        Late++;
        return JitterResult.Late;
    }

    private Instant ReleaseAt(in RtpPacket packet, Instant now, bool timed)
    {
        if (_options.Target <= TimeSpan.Zero) return now;
        if (!timed) return now + Target;
        var line = _line.Add(packet.Timestamp, now);
        if (_options.Adaptive) Target = Clamp(_line.Spread);
        var at = line + Target;
        return at < now ? now : at;
    }

    private TimeSpan Clamp(TimeSpan spread) =>
        spread > _options.MaxDelay ? _options.MaxDelay : spread < _options.Target ? _options.Target : spread;

    private bool InOrder(in Slot slot) => slot.Epoch != _releasedEpoch || slot.Index == _next;

    private Instant DueAt(in Slot slot)
    {
        if (slot.Epoch != _epoch) return slot.ArrivedAt;
        if (InOrder(in slot)) return slot.ReleaseAt;
        var gapEnds = _gapSince + _options.ReorderWait;
        return gapEnds > slot.ReleaseAt ? gapEnds : slot.ReleaseAt;
    }

    private void NoteGap()
    {
        if (_held == 0 || _gapSince != Instant.Never) return;
        ref var slot = ref _ring[_head & (_ring.Length - 1)];
        if (!InOrder(in slot)) _gapSince = slot.ArrivedAt;
    }

    private void FindHead()
    {
        do _head++;
        while (_ring[_head & (_ring.Length - 1)] is not { Held: true } slot || slot.Index != _head);
    }

    // Doubles the ring until it spans every held index and this one; the ring never grows past twice MaxPackets.
    private bool Fit(long index)
    {
        var low = _held == 0 ? index : Math.Min(_head, index);
        var high = _held == 0 ? index : Math.Max(_highest, index);
        var span = high - low + 1;
        if (span <= _ring.Length) return true;
        if (span > 2L * _options.MaxPackets) return false;
        var size = _ring.Length;
        while (size < span) size *= 2;
        var wider = new Slot[size];
        foreach (ref var slot in _ring.AsSpan()) if (slot.Held) wider[slot.Index & (size - 1)] = slot;
        _ring = wider;
        return true;
    }

    private byte[] Copy(ReadOnlySpan<byte> payload)
    {
        if (!_free.TryPop(out var buffer)) buffer = new byte[_options.MaxPacketBytes];
        payload.CopyTo(buffer);
        return buffer;
    }

    private void Reclaim()
    {
        if (_lent is null) return;
        _free.Push(_lent);
        _lent = null;
    }

    private struct Slot
    {
        public long Index;
        public byte[]? Buffer;
        public Instant ArrivedAt;
        public Instant ReleaseAt;
        public int Length;
        public int Epoch;
        public int LostAtStart;
        public uint Timestamp;
        public Ssrc Ssrc;
        public ushort Sequence;
        public PayloadType PayloadType;
        public bool Held;
        public bool Released;
        public bool Marker;
        public bool Timed;
    }
}
