using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public class RtpPacketTests
{
    [Fact]
    public void TryParse_EveryOptionalPart_FindsThePayload()
    {
        byte[] datagram =
        [
            0xB2, 0xE0, 0x12, 0x34, 0, 0, 0, 9, 1, 2, 3, 4, // P, X, CC=2, M, PT 96
            0, 0, 0, 5, 0, 0, 0, 6, // CSRC
            0xBE, 0xDE, 0, 2, 0x10, 0xAA, 0, 0x31, 0xBB, 0xCC, 0, 0, // id 1 (1 byte), padding, id 3 (2 bytes)
            7, 8, 9, 0, 0, 3, // payload and 3 bytes of padding
        ];
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        Assert.True(packet.Marker);
        Assert.Equal(96, packet.PayloadType.Value);
        Assert.Equal(0x1234, packet.SequenceNumber);
        Assert.Equal(9u, packet.Timestamp);
        Assert.Equal(new Ssrc(0x01020304), packet.Ssrc);
        Assert.Equal(new Ssrc(6), packet.Csrc(1));
        Assert.Equal([7, 8, 9], packet.Payload.ToArray());
        Assert.Equal(32, packet.HeaderLength);
        Assert.True(HeaderExtensions.TryFind(in packet, 3, out var element));
        Assert.Equal([0xBB, 0xCC], element.ToArray());
        Assert.False(HeaderExtensions.TryFind(in packet, 2, out _));
    }

    [Fact]
    public void TryWrite_WithExtension_ParsesBack()
    {
        var buffer = new byte[64];
        var header = new RtpHeader(new PayloadType(111), true, 65535, uint.MaxValue, new Ssrc(77));
        Assert.True(header.TryWrite(buffer, 4, [1, 2, 3, 4, 5], out var length));
        Assert.Equal(24, length);
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, length + 3), out var packet));
        Assert.Equal(65535, packet.SequenceNumber);
        Assert.Equal(3, packet.Payload.Length);
        Assert.True(HeaderExtensions.TryFind(in packet, 4, out var element));
        Assert.Equal([1, 2, 3, 4, 5], element.ToArray());
        Assert.False(header.TryWrite(new byte[11], out _));
        Assert.False(header.TryWrite(buffer, 15, [1], out _));
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 })] // one byte short
    [InlineData(new byte[] { 0x40, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 })] // version 1
    [InlineData(new byte[] { 0x81, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 })] // half a CSRC
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xBE, 0xDE, 0, 1 })] // extension longer than the packet
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 3 })] // more padding than packet
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 })] // padding bit without padding
    public void TryParse_LengthsThatDoNotAddUp_Refuses(byte[] datagram) => Assert.False(RtpPacket.TryParse(datagram, out _));

    [Theory]
    [InlineData(new byte[] { 0x00, 0x01 }, PacketKind.Stun)]
    [InlineData(new byte[] { 22, 0xFE }, PacketKind.Dtls)]
    [InlineData(new byte[] { 0x40, 0 }, PacketKind.TurnChannel)]
    [InlineData(new byte[] { 0x80, 0xE0 }, PacketKind.Rtp)]
    [InlineData(new byte[] { 0x80, 0 }, PacketKind.Rtp)]
    [InlineData(new byte[] { 0x80, 200 }, PacketKind.Rtcp)]
    [InlineData(new byte[] { 0x81, 206 }, PacketKind.Rtcp)]
    [InlineData(new byte[] { 0xFF, 200 }, PacketKind.Unknown)]
    [InlineData(new byte[] { 0x80 }, PacketKind.Unknown)]
    public void PacketKind_FirstTwoBytes_Decide(byte[] datagram, object kind) => Assert.Equal((PacketKind)kind, PacketKinds.Of(datagram));
}
