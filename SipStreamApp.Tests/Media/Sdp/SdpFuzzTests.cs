using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

public class SdpFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Everything_MutatedDescriptions_NeverThrowsAndAnswersStayReadable(int seed)
    {
        var random = new Random(seed);
        byte[][] corpus =
        [
            .. new[] { SdpSamples.ChromePlayer(), SdpSamples.Firefox, SdpSamples.Baresip, SdpSamples.Linphone, SdpSamples.Sipp, SdpSamples.Asterisk, SdpSamples.Cisco }
                .Select(SdpSamples.Bytes),
        ];
        var parsed = 0;
        for (var i = 0; i < 500; i++)
        {
            var data = Mutate(random, corpus[random.Next(corpus.Length)]);
            if (SdpParser.Parse(data, out var session).IsOk)
            {
                parsed++;
                var written = SdpWriter.Write(session);
                Assert.True(SdpParser.Parse(written, out var again).IsOk);
                Assert.Equal(written, SdpWriter.Write(again));
            }

            var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
            negotiator.CreateOffer();
            negotiator.ReadAnswer(data);
            if (negotiator.Answer(data) is { LocalSdp: { } sip }) Assert.True(SdpParser.Parse(sip, out _).IsOk);
            if (WebRtcAnswerer.Answer(data, WebRtcAnswerTests.Options()) is { AnswerSdp: { } web }) Assert.True(SdpParser.Parse(web, out _).IsOk);
        }

        Assert.InRange(parsed, 50, 499);
    }

    [Fact]
    public void Parse_RandomBytes_NeverThrows()
    {
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var data = new byte[random.Next(200)];
            random.NextBytes(data);
            if (random.Next(2) == 0) "v=0\nm="u8[..Math.Min(6, data.Length)].CopyTo(data);
            SdpParser.Parse(data, out var session);
            Assert.NotNull(session);
        }
    }

    private static byte[] Mutate(Random random, byte[] source)
    {
        var list = new List<byte>(source);
        for (var n = random.Next(1, 12); n > 0 && list.Count > 8; n--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list.RemoveRange(at, Math.Min(random.Next(1, 40), list.Count - at)); break;
                case 2: list.InsertRange(at, list.GetRange(0, Math.Min(random.Next(1, 200), list.Count))); break;
                case 3: list[at] = (byte)"\r\n:/; =*0"[random.Next(9)]; break;
                case 4: list.InsertRange(at, Encoding.ASCII.GetBytes(random.Next(2) == 0 ? "99999999999" : "\r\nm=audio 9 RTP/AVP 0")); break;
            }
        }

        return [.. list];
    }
}
