// RFC 6184 section 5.8.
using System.Buffers.Binary;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>Puts NAL units that were cut into FU-A together again. Its own few lines, so that the packetiser is not judged by its twin.</summary>
internal static class FuA
{
    /// <summary>Units that are whole, each behind its length in 4 bytes.</summary>
    public static List<byte[]> Frames(IEnumerable<ReceivedPacket> packets)
    {
        var frames = new List<byte[]>();
        List<byte>? unit = null;
        ulong last = 0;
        foreach (var packet in packets)
        {
            if (packet.Index != last + 1) unit = null;
            last = packet.Index;
            var payload = packet.Payload;
            if ((payload[1] & 0x80) != 0) unit = [(byte)((payload[0] & 0xE0) | (payload[1] & 0x1F))];
            unit?.AddRange(payload[2..]);
            if (unit is null || (payload[1] & 0x40) == 0) continue;
            var frame = new byte[4 + unit.Count];
            BinaryPrimitives.WriteInt32BigEndian(frame, unit.Count);
            unit.CopyTo(frame, 4);
            frames.Add(frame);
            unit = null;
        }

        return frames;
    }
}
