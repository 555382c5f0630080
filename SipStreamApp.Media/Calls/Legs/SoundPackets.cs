using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>A sound file as packets of one codec, 20 ms each.</summary>
/// <param name="Name">Its bare file name.</param>
/// <param name="Codec">What the packets are.</param>
/// <param name="Data">Packets of <see cref="PacketBytes"/> bytes, one behind the other.</param>
internal sealed record SoundPackets(string Name, Codec Codec, ReadOnlyMemory<byte> Data)
{
    /// <summary>64 kbit/s in all codecs, Opus at a constant rate.</summary>
    public const int PacketBytes = 160;

    public int Count => Data.Length / PacketBytes;

    public ReadOnlySpan<byte> Packet(int index) => Data.Span.Slice(index * PacketBytes, PacketBytes);
}
