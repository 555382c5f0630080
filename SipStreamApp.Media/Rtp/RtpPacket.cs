// RFC 3550 section 5.1: the RTP packet.
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  |                           timestamp                           |
//  |                             SSRC                              |
//  |                  CSRC (CC times), extension (X), payload      |
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>A view of one RTP packet; it owns nothing and lives as long as the datagram under it.</summary>
internal readonly ref struct RtpPacket
{
    public const int FixedHeaderLength = 12;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _extension;

    private RtpPacket(ReadOnlySpan<byte> data, int extension, ReadOnlySpan<byte> extensionData, ReadOnlySpan<byte> payload, int padding)
    {
        _data = data;
        _extension = extension;
        ExtensionData = extensionData;
        Payload = payload;
        PaddingLength = padding;
    }

    public bool Marker => (_data[1] & 0x80) != 0;

    public PayloadType PayloadType => new((byte)(_data[1] & 0x7F));

    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_data[2..]);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_data[4..]);

    public Ssrc Ssrc => new(BinaryPrimitives.ReadUInt32BigEndian(_data[8..]));

    public int CsrcCount => _data[0] & 0x0F;

    public bool HasExtension => _extension >= 0;

    /// <summary>The 16 bits "defined by profile": 0xBEDE for one-byte elements (RFC 8285); 0 without extension.</summary>
    public int ExtensionProfile => _extension < 0 ? 0 : _extension;

    /// <summary>The extension without its four-byte header.</summary>
    public ReadOnlySpan<byte> ExtensionData { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public int PaddingLength { get; }

    /// <summary>Bytes in front of the payload: fixed header, CSRC list and extension.</summary>
    public int HeaderLength => _data.Length - Payload.Length - PaddingLength;

    /// <summary>The contributing source at <paramref name="index"/>, which is below <see cref="CsrcCount"/>.</summary>
    public Ssrc Csrc(int index) => new(BinaryPrimitives.ReadUInt32BigEndian(_data[(FixedHeaderLength + 4 * index)..]));

    /// <summary>The RFC 8285 elements; none where the profile is another one.</summary>
    public HeaderExtensions Extensions => new(ExtensionProfile, ExtensionData);

    /// <summary>False for anything whose lengths do not add up. An impossible padding of 0 is forgiven: old phones send it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (datagram.Length < FixedHeaderLength || datagram[0] >> 6 != 2) return false;
        var reader = new SpanReader(datagram[FixedHeaderLength..]);
        reader.Skip(4 * (datagram[0] & 0x0F));
        var profile = -1;
        ReadOnlySpan<byte> extension = default;
        if ((datagram[0] & 0x10) != 0)
        {
            profile = reader.U16();
            extension = reader.Bytes(4 * reader.U16());
        }

        if (reader.Failed) return false;
        var payload = reader.Rest;
        var padding = 0;
        if ((datagram[0] & 0x20) != 0)
        {
            if (payload.IsEmpty) return false;
            padding = payload[^1];
            if (padding > payload.Length) return false;
        }

        packet = new RtpPacket(datagram, profile, extension, payload[..^padding], padding);
        return true;
    }
}
