// H.264 section 7.2 (read_bits), 7.3.1 (emulation prevention), 9.1 (Exp-Golomb codes).
namespace SipStreamApp.Media.Codecs;

/// <summary>Reads bits of a NAL unit without its emulation prevention bytes. Past the end: zeros, and <see cref="Failed"/> is set.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _next;
    private int _zeros;
    private int _current;
    private int _bitsLeft;

    /// <summary>True once a read went past the end or met a code that cannot be.</summary>
    public bool Failed { get; private set; }

    public int Bit()
    {
        if (_bitsLeft == 0 && !Load()) return 0;
        return (_current >> --_bitsLeft) & 1;
    }

    public bool Flag() => Bit() != 0;

    public uint Bits(int count)
    {
        uint value = 0;
        while (count-- > 0) value = value << 1 | (uint)Bit();
        return value;
    }

    /// <summary>Unsigned Exp-Golomb, ue(v).</summary>
    public uint Ue()
    {
        var zeros = 0;
        while (!Failed && Bit() == 0) zeros++;
        if (zeros <= 31 && !Failed) return (1u << zeros) - 1 + Bits(zeros);
        Failed = true;
        return 0;
    }

    /// <summary>Signed Exp-Golomb, se(v).</summary>
    public int Se()
    {
        var code = Ue();
        var magnitude = (int)(code / 2 + code % 2);
        return code % 2 == 1 ? magnitude : -magnitude;
    }

    public void Skip(int count)
    {
        while (count-- > 0 && !Failed) Bit();
    }

    private bool Load()
    {
        if (_zeros >= 2 && _next < _data.Length && _data[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }

        if (_next >= _data.Length)
        {
            Failed = true;
            return false;
        }

        _current = _data[_next++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _bitsLeft = 8;
        return true;
    }
}
