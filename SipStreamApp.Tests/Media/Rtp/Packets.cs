using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;

namespace SipStreamApp.Tests.Media.Rtp;

/// <summary>Packets and times for tests.</summary>
internal static class Packets
{
    public const uint Source = 0x1111_2222;

    public static Instant Ms(double milliseconds) => Instant.FromMilliseconds(1000 + milliseconds);

    public static byte[] Datagram(int sequence, long timestamp, uint ssrc = Source, byte payloadType = 0, bool marker = false, int size = 40)
    {
        var packet = new byte[12 + size];
        var header = new RtpHeader(new PayloadType(payloadType), marker, (ushort)sequence, (uint)timestamp, new Ssrc(ssrc));
        header.TryWrite(packet, out _);
        // The payload says which packet it is, so that a test can see what really came through.
        if (size >= 4) BitConverter.TryWriteBytes(packet.AsSpan(12), sequence);
        return packet;
    }

    public static RtpPacket Parse(byte[] datagram) =>
        RtpPacket.TryParse(datagram, out var packet) ? packet : throw new InvalidOperationException("The test packet did not parse.");

    public static RtpReceiver Receiver(int clockRate = 8000, JitterOptions? jitter = null) => new(
        clockRate,
        [new(new PayloadType(0), clockRate), new(new PayloadType(101), clockRate, Timed: false)],
        new RtpReceiverOptions { Jitter = jitter ?? new JitterOptions { Target = TimeSpan.Zero } });
}
