using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using SipStreamApp.Api;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;
using SipStreamApp.Media.Transcoding;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Security;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using SipStreamApp.Security.SignIn;
using SipStreamApp.Signalling.Wire;
using SipStreamApp.Tests.Media.Rtp;
using SipStreamApp.Tests.Media.Sdp;
using SipStreamApp.Tests.Web.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Fuzz;

/// <summary>Every parser that meets bytes of strangers. A new one is added here, with a folder in Corpus/.</summary>
internal static class FuzzTargets
{
    private static readonly SipEndpoint Peer = new(IPAddress.Parse("192.0.2.99"), 5060, SipTransport.Udp);
    private static readonly IceCredentials Ice = new("LOCALUFR", "local-password-0123456789");
    private static readonly PeerAddress Browser = PeerAddress.FromIPv4([192, 0, 2, 1], 1000);
    private static readonly MediaFramePool Pool = new();
    private static readonly LinkSigner Signer = new(new byte[32]);
    private static readonly DtlsEntry Dtls = new();

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("sip", Sip, "\r\n", ";branch=z9hG4bK", "sip:", "sips:", "<", ">", "\"", "\\", "%00", "Content-Length: ", "Via: ", "\r\n ", ";tag=", "[::1]", ",", "*", "multipart/mixed;boundary="),
        new("sip-stream", SipStream, "\r\n\r\n", "\r\n", "Content-Length: ", "l: ", "0"),
        new("sdp", Sdp, "\r\n", "m=audio 9 RTP/AVP 0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:", "a=fmtp:", "a=group:BUNDLE ", "a=mid:", "a=candidate:", "a=crypto:1 ", "c=IN IP4 ", "a=inactive"),
        new("rtp", Rtp),
        new("rtcp", Rtcp),
        new("stun", Stun),
        new("dtls", Dtls.Run),
        new("h264", data => Frames(Codec.H264, data), "\0\0\u0001"),
        new("vp8", data => Frames(Codec.Vp8, data)),
        new("opus", data => Frames(Codec.Opus, data)),
        new("aac", Aac),
        new("mp4", Mp4, "moof", "traf", "trun", "tfhd", "mdat", "moov", "trak", "stsd", "avc1", "mvex"),
        new("rest-json", RestJson, "{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e999", "\\u0000", "\\ud800", "callId", "streamName", "options"),
        new("ws-json", WsJson, "{", "}", "[", "]", "\"message\":", "\"data\":", "null", "1e999", "\\u0000", "\\ud800", "connection", "playStream", "publishStream", "call", "hold", "transfer", "sendDtmf", "sendData", "callId", "mediaSessionId", "sdp", "custom"),
        new("push-url", PushUrl, "rtmp://", "srt://", "?", "#", "@", "%2f", "|", " -i ", "\r\n", "[::1]", ":0"),
        new("recording-name", data => RecordingName.Check(Encoding.UTF8.GetString(data)), "{streamName}", "{", "}", "/", "..", "\0", "\\"),
        new("headers", Headers, "Bearer ", "Basic ", "ssa_", "/..", "//", "%2e", ".9999999999.", "https://", "[::1]", ":", "*."),
    ];

    private static void Sip(byte[] data)
    {
        if (SipParser.Parse(data) is { Status: SipParseStatus.Ok, Message: { } message })
        {
            var written = new SipWriter().Write(message).ToArray();
            Assert.Equal(SipParseStatus.Ok, SipParser.Parse(written).Status);
        }

        var agent = new SipUserAgent(new SipUserAgentOptions { LocalAddress = _ => new SipLocalAddress("192.0.2.1", 5060), Random = SipRandom.Seeded(3) });
        agent.Receive(data, Peer, Instant.FromMilliseconds(1000));
        for (var n = 0; agent.TryTakeMessage(out _); n++) Assert.InRange(n, 0, 10);
    }

    private static void SipStream(byte[] data)
    {
        var framer = new SipStreamFramer();
        for (var at = 0; at < data.Length;)
        {
            var chunk = Math.Min(1 + data[at], data.Length - at);
            if (!framer.Receive(data.AsSpan(at, chunk))) return;
            at += chunk;
            SipFrameStatus status;
            for (var n = 0; (status = framer.TryTake(out var message)) is SipFrameStatus.Message or SipFrameStatus.Ping; n++)
            {
                Assert.InRange(n, 0, data.Length);
                if (status == SipFrameStatus.Message) SipParser.Parse(message);
            }
        }
    }

    private static void Sdp(byte[] data)
    {
        if (SdpParser.Parse(data, out var session).IsOk) Assert.True(SdpParser.Parse(SdpWriter.Write(session), out _).IsOk);
        var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
        negotiator.CreateOffer();
        negotiator.ReadAnswer(data);
        if (negotiator.Answer(data) is { LocalSdp: { } sip }) Assert.True(SdpParser.Parse(sip, out _).IsOk);
        if (WebRtcAnswerer.Answer(data, WebRtcAnswerTests.Options()) is { AnswerSdp: { } web }) Assert.True(SdpParser.Parse(web, out _).IsOk);
    }

    private static void Rtp(byte[] data)
    {
        if (!RtpPacket.TryParse(data, out var packet)) return;
        Assert.Equal(data.Length, packet.HeaderLength + packet.Payload.Length + packet.PaddingLength);
        foreach (var element in packet.Extensions) Assert.InRange(element.Data.Length, 0, 255);
        for (var i = 0; i < packet.CsrcCount; i++) packet.Csrc(i);
        var receiver = Packets.Receiver();
        receiver.Receive(data, Packets.Ms(1));
        while (receiver.TryTake(Packets.Ms(500), out _)) Assert.NotNull(receiver);
    }

    private static void Rtcp(byte[] data)
    {
        new RtcpSession(new Ssrc(5), "x", new RtpSender(new Ssrc(5), 8000, 1), Packets.Receiver(), 1, Packets.Ms(0)).Receive(data, Packets.Ms(1), new NtpTime(1ul << 40));
        foreach (var packet in new RtcpReader(data))
        {
            packet.TryGetCname(out _, out _);
            packet.TryGetSenderReport(out _);
            packet.IsByeFor(new Ssrc(7));
            if (packet.TryGetFeedback(out _, out _, out var control)) foreach (var sequence in new NackReader(control)) Assert.InRange(sequence, 0, 65535);
            foreach (var block in packet.ReportBlocks) Assert.InRange(block.FractionLost, 0, 255);
            if (RtcpFeedback.TryGetRemb(in packet, out var rate)) Assert.True(rate >= 0);
        }
    }

    private static void Stun(byte[] data)
    {
        if (StunMessage.LooksLikeStun(data) && StunMessage.TryParse(data, out var message))
        {
            message.HasValidIntegrity("local-password-0123456789"u8);
            StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out _);
        }

        var agent = new IceLiteAgent(Ice, "remo", IceOptions.Default, Instant.Zero);
        agent.Receive(data, Browser, Instant.FromMilliseconds(1));
        // One answer at most, and not much larger than the question: nothing to reflect with (docs/security.md).
        for (var n = 0; agent.TryTakeDatagram(out var answer, out _); n++) Assert.True(n == 0 && answer.Length <= Math.Max(data.Length * 2, 120), $"{answer.Length} for {data.Length}");
    }

    private static void Frames(Codec codec, byte[] data)
    {
        if (codec == Codec.H264)
        {
            if (SpsInfo.TryParse(data, out var sps)) Assert.True(sps is { Width: >= 0, Height: >= 0 });
            if (SliceHeader.TryParse(data, out var slice)) Assert.InRange(slice.SliceType, 0, 9);
            new ParameterSets().Store(data, out _);
            var room = new byte[AnnexB.MaxPrefixedLength(data.Length)];
            AnnexB.TryToLengthPrefixed(data, room, out _);
            AnnexB.TryFromLengthPrefixed(data, room, out _);
        }
        else if (codec == Codec.Vp8)
        {
            Vp8FrameHeader.TryReadSize(data, out _, out _);
        }
        else
        {
            Assert.InRange(OpusPacket.Samples(data), 0, OpusPacket.MaxSamples);
        }

        // The first byte says in how many packets the rest comes.
        var depacketizer = Depacketizer.Create(TrackFormat.Default(codec), Pool, new DepacketizerOptions { MaxFrameBytes = 20_000, DropUntilKeyframe = false });
        var packets = data.Length == 0 ? 1 : 1 + data[0] % 3;
        for (var i = 0; i < packets; i++)
        {
            var from = data.Length * i / packets;
            depacketizer.Push(data.AsSpan(from, data.Length * (i + 1) / packets - from), i == packets - 1, 3000, false, Instant.Zero);
        }

        while (depacketizer.TryTake(out var assembled)) assembled.Complete(TimeSpan.Zero).Release();
        depacketizer.Restart();
        Assert.Equal(0, Pool.Outstanding);
    }

    private static void Aac(byte[] data)
    {
        var reader = new AdtsReader();
        for (var at = 0; at < data.Length;)
        {
            var room = reader.Room();
            var count = Math.Min(room.Length, Math.Min(data.Length - at, 200));
            data.AsSpan(at, count).CopyTo(room.Span);
            reader.Wrote(count);
            at += count;
            for (var n = 0; reader.TryRead(out _, out _); n++) Assert.InRange(n, 0, data.Length);
        }
    }

    private static void Mp4(byte[] data)
    {
        var scan = Mp4FragmentScanner.Scan(data);
        Assert.InRange(scan.WholeLength, 0, data.Length);
        Assert.True(scan.Duration >= TimeSpan.Zero);
    }

    private static void RestJson(byte[] data)
    {
        if (Read(data, ApiJson.Default.CallStartupBody) is { } startup) CallStartup.Parse(startup);
        if (Read(data, ApiJson.Default.CallFilterBody) is { } filter) CallFilter.From(filter);
        if (Read(data, ApiJson.Default.PushBody) is { } push) push.Option("action");
        if (Read(data, ApiJson.Default.RecorderBody) is { } recorder) RecorderConfigReader.Read(recorder.Config);
        Read(data, ApiJson.Default.SnapshotBody);
        Read(data, SecurityJson.Default.LinkBody);
    }

    // What the reader of bodies answers with 400 (Api/RequestBody.cs); anything else would be a 500.
    private static T? Read<T>(byte[] data, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetString(data), type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // As the first frame of a client, and as one of a client that is connected.
    private static void WsJson(byte[] data)
    {
        foreach (var greets in (bool[])[false, true])
        {
            var kit = new SessionKit();
            if (greets) kit.Receive("connection", """{"appKey":"a","sipLogin":"me","sipDomain":"192.0.2.1"}""");
            if (MessageReader.Read(data, out var problem) is not { } message)
            {
                Assert.NotEqual("", problem);
                return;
            }

            kit.Do(s => s.Receive(message, Instant.Zero));
            kit.Do(s => s.Tick(Instant.FromMilliseconds(20_000)));
            foreach (var frame in kit.Frames) Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(frame));
            kit.Do(s => s.Disconnected(Instant.FromMilliseconds(20_001)));
        }
    }

    private static void PushUrl(byte[] data)
    {
        if (!PushAddress.TryParse(Encoding.UTF8.GetString(data), out var address, out _)) return;
        Assert.DoesNotContain(address.Url, c => char.IsControl(c) || char.IsWhiteSpace(c));
        Assert.False(address.Url.StartsWith('-'));
        address.With("name");
        address.Hide(address.Url);
    }

    private static void Headers(byte[] data)
    {
        var text = Encoding.UTF8.GetString(data);
        foreach (var line in text.Split('\n'))
        {
            Assert.Null(Signer.Read(line));
            ApiKeyHeader.Read(new HeaderDictionary { ["Authorization"] = line });
            Assert.StartsWith("/", SignInPages.Local(line), StringComparison.Ordinal);
            AccessRules.Of("POST", new PathString("/" + line.TrimStart('/')), webSocket: false);
            if (HostRule.TryParse([line], out var rule, out _)) rule.Allows(line);
            if (OriginRule.TryParse(["loopback"], out var origins, out _)) origins.Allows(line);
            BindAddresses.IsBeyondLoopback(line);
        }
    }
}
