using System.Buffers.Binary;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Tests.Media.Srtp;

/// <summary>Keys and packets for the tests of this folder.</summary>
internal static class SrtpKit
{
    public const uint Ssrc = 0xCAFEBABE;

    public static readonly string[] ProfileNames = [.. SrtpProfiles.Preference.ToArray().Select(p => p.ToString())];

    public static SrtpProfile Profile(string name) => Enum.Parse<SrtpProfile>(name);

    public static (byte[] Key, byte[] Salt) Keys(SrtpProfile profile, int seed = 1)
    {
        var random = new Random(seed);
        var (key, salt) = (new byte[profile.KeyLength], new byte[profile.SaltLength]);
        random.NextBytes(key);
        random.NextBytes(salt);
        return (key, salt);
    }

    public static SrtpSender Sender(SrtpProfile profile, SrtpEngine engine = SrtpEngine.Automatic, int seed = 1)
    {
        var (key, salt) = Keys(profile, seed);
        return new SrtpSender(profile, key, salt, engine);
    }

    public static SrtpReceiver Receiver(SrtpProfile profile, SrtpEngine engine = SrtpEngine.Automatic, int maxSources = 32)
    {
        var (key, salt) = Keys(profile);
        return new SrtpReceiver(profile, key, salt, new SrtpReceiverOptions(maxSources), engine);
    }

    /// <summary>An RTP packet whose payload follows from its index.</summary>
    public static byte[] Rtp(ulong index, uint ssrc = Ssrc, int payload = 100, int csrcs = 0, int extensionWords = -1)
    {
        var header = 12 + csrcs * 4 + (extensionWords < 0 ? 0 : 4 + extensionWords * 4);
        var packet = new byte[header + payload];
        new Random((int)index).NextBytes(packet);
        packet[0] = (byte)(0x80 | csrcs | (extensionWords < 0 ? 0 : 0x10));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)index);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        if (extensionWords >= 0) BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(12 + csrcs * 4 + 2), (ushort)extensionWords);
        return packet;
    }

    public static byte[] Rtcp(uint ssrc = Ssrc, int length = 28)
    {
        var packet = new byte[length];
        new Random(length).NextBytes(packet);
        (packet[0], packet[1]) = (0x80, 200);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(length / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }

    public static byte[] Protect(this SrtpSender sender, byte[] packet, ulong index)
    {
        var buffer = new byte[packet.Length + sender.RtpOverhead];
        packet.CopyTo(buffer, 0);
        return buffer[..sender.Protect(buffer, packet.Length, index)];
    }

    public static byte[] ProtectRtcp(this SrtpSender sender, byte[] packet)
    {
        var buffer = new byte[packet.Length + sender.RtcpOverhead];
        return buffer[..sender.ProtectRtcp(packet, buffer)];
    }
}
