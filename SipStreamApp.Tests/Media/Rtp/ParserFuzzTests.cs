using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public class ParserFuzzTests
{
    [Fact]
    public void Rtp_RandomAndMutatedBytes_NeverThrowAndStayInside()
    {
        var random = new Random(1);
        var seed = new byte[80];
        new RtpHeader(new PayloadType(96), true, 1, 2, new Ssrc(3)).TryWrite(seed, 4, [1, 2, 3, 4, 5], out _);
        var receiver = Packets.Receiver();
        long seen = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var data = Mutate(random, seed);
            if (!RtpPacket.TryParse(data, out var packet)) continue;
            Assert.Equal(data.Length, packet.HeaderLength + packet.Payload.Length + packet.PaddingLength);
            foreach (var element in packet.Extensions) seen += element.Id + element.Data.Length;
            for (var c = 0; c < packet.CsrcCount; c++) seen += packet.Csrc(c).Value & 1;
            receiver.Receive(data, Packets.Ms(i * 0.1));
            while (receiver.TryTake(Packets.Ms(i * 0.1), out var taken)) seen += taken.Payload.Length;
        }

        Assert.True(seen > 0);
    }

    [Fact]
    public void Rtcp_RandomAndMutatedBytes_NeverThrow()
    {
        var random = new Random(2);
        var buffer = new byte[256];
        var w = new RtcpWriter(buffer);
        w.SenderReport(new SenderReport(new Ssrc(1), new NtpTime(9), 1, 2, 3), [new ReportBlock(new Ssrc(5), 1, 2, 3, 4, 5, 6)]);
        w.Cname(new Ssrc(1), "name"u8);
        w.Nack(new Ssrc(1), new Ssrc(5), [0, 1, 0, 3, 0, 99, 255, 255]);
        w.Fir(new Ssrc(1), new Ssrc(5), 3);
        w.Bye(new Ssrc(1));
        var seed = w.Written.ToArray();
        var session = new RtcpSession(new Ssrc(5), "x", new RtpSender(new Ssrc(5), 8000, 1), Packets.Receiver(), 1, Packets.Ms(0));
        long seen = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var data = Mutate(random, seed);
            session.Receive(data, Packets.Ms(i), new NtpTime((ulong)i << 20));
            foreach (var packet in new RtcpReader(data))
            {
                if (packet.TryGetCname(out _, out var cname)) seen += cname.Length;
                if (packet.TryGetFeedback(out _, out _, out var control)) foreach (var n in new NackReader(control)) seen += n & 1;
                foreach (var block in packet.ReportBlocks) seen += block.FractionLost;
                if (RtcpFeedback.TryGetRemb(in packet, out var rate)) Assert.True(rate >= 0);
            }
        }

        Assert.True(seen > 0);
    }

    private static byte[] Mutate(Random random, byte[] seed)
    {
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(0, 100)];
            random.NextBytes(noise);
            if (noise.Length > 0) noise[0] = (byte)(0x80 | noise[0] & 0x3F);
            return noise;
        }

        var data = seed[..random.Next(0, seed.Length + 1)];
        if (random.Next(2) == 0) data = [.. seed];
        for (var n = random.Next(4); n > 0 && data.Length > 0; n--) data[random.Next(data.Length)] = (byte)random.Next(256);
        return data;
    }
}
