// H.264 annex B: byte stream format. Start codes (00 00 01, or 00 00 00 01) against lengths in four bytes.
using System.Buffers.Binary;

namespace SipStreamApp.Media.Codecs;

/// <summary>Turns NAL units with start codes into NAL units with lengths, and back.</summary>
internal static class AnnexB
{
    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <summary>Room that <see cref="TryToLengthPrefixed"/> needs at most.</summary>
    public static int MaxPrefixedLength(int annexBLength) => annexBLength + annexBLength / 4 + Nal.PrefixLength;

    /// <summary>Writes length-prefixed units. False where the target is too small or the data holds no unit.</summary>
    public static bool TryToLengthPrefixed(ReadOnlySpan<byte> annexB, Span<byte> target, out int length)
    {
        length = 0;
        var at = annexB.IndexOf(StartCode);
        while (at >= 0)
        {
            var rest = annexB[(at + 3)..];
            var next = rest.IndexOf(StartCode);
            // Zeros before a start code belong to it; a NAL unit never ends with a zero byte.
            var nal = (next < 0 ? rest : rest[..next]).TrimEnd((byte)0);
            if (!nal.IsEmpty)
            {
                if (target.Length - length < Nal.PrefixLength + nal.Length) return false;
                BinaryPrimitives.WriteInt32BigEndian(target[length..], nal.Length);
                nal.CopyTo(target[(length + Nal.PrefixLength)..]);
                length += Nal.PrefixLength + nal.Length;
            }

            at = next < 0 ? -1 : at + 3 + next;
        }

        return length > 0;
    }

    /// <summary>Writes units with four-byte start codes. False where lengths are wrong or room is missing.</summary>
    /// <remarks>Source and target may be the same memory.</remarks>
    public static bool TryFromLengthPrefixed(ReadOnlySpan<byte> frame, Span<byte> target, out int length)
    {
        length = 0;
        var reader = new NalReader(frame);
        while (reader.TryRead(out var nal))
        {
            if (target.Length - length < Nal.PrefixLength + nal.Length) return false;
            nal.CopyTo(target[(length + Nal.PrefixLength)..]);
            BinaryPrimitives.WriteInt32BigEndian(target[length..], 1);
            length += Nal.PrefixLength + nal.Length;
        }

        return !reader.Failed;
    }
}
