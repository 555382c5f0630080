// RFC 4733 section 2.3: payload of named telephone events.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     event     |E|R| volume    |          duration             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
using System.Buffers.Binary;

namespace SipStreamApp.Media.Codecs;

/// <summary>One packet of a key press.</summary>
/// <param name="Event">Event code; 0 to 15 are the keys.</param>
/// <param name="IsEnd">True in the last packets of the event.</param>
/// <param name="Volume">Power in -dBm0.</param>
/// <param name="Duration">Length so far in ticks of the RTP clock.</param>
internal readonly record struct TelephoneEvent(byte Event, bool IsEnd, int Volume, int Duration)
{
    /// <summary>Bytes of a payload.</summary>
    public const int Length = 4;

    private const string Keys = "0123456789*#ABCD";

    /// <summary>The key, or null for other events (flash, tones).</summary>
    public char? Key => Event < Keys.Length ? Keys[Event] : null;

    /// <summary>The event code of a key; false for any other character.</summary>
    public static bool TryGetCode(char key, out byte code)
    {
        var index = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        code = (byte)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Reads a payload (only the first event of a redundant one).</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent value)
    {
        value = default;
        if (payload.Length < Length) return false;
        value = new(payload[0], (payload[1] & 0x80) != 0, payload[1] & 0x3F, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    /// <summary>Writes the payload; <paramref name="target"/> has room for <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> target)
    {
        target[0] = Event;
        target[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)Duration);
    }
}
