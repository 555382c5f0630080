using System.Text;
using BenchmarkDotNet.Attributes;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Benchmarks;

/// <summary>An INVITE with sound and picture, as a phone behind a proxy sends it: 1.6 KB, two hops, a digest answer, 35 lines of SDP.</summary>
[MemoryDiagnoser]
public class SipParseBenchmarks
{
    private static readonly byte[] Sdp = Encoding.UTF8.GetBytes("""
        v=0
        o=10001 3724394400 3724394401 IN IP4 192.0.2.10
        s=-
        c=IN IP4 192.0.2.10
        t=0 0
        m=audio 40000 RTP/AVP 96 9 0 8 101
        a=rtpmap:96 opus/48000/2
        a=fmtp:96 useinbandfec=1;stereo=0
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=rtcp:40001
        a=sendrecv
        m=video 40002 RTP/AVP 98 99
        b=TIAS:1000000
        a=rtpmap:98 H264/90000
        a=fmtp:98 profile-level-id=42e01f;packetization-mode=1
        a=rtpmap:99 VP8/90000
        a=rtcp-fb:* nack pli
        a=rtcp-fb:* ccm fir
        a=rtcp:40003
        a=sendrecv

        """.ReplaceLineEndings("\r\n"));

    private static readonly byte[] Invite =
    [
        .. Encoding.UTF8.GetBytes($"""
        INVITE sip:10005@203.0.113.7:5062;transport=udp SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.5:5060;branch=z9hG4bK7f3a.1c9d0e2b.0;received=198.51.100.5
        Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKnashds8;rport=5060
        Record-Route: <sip:198.51.100.5;lr;ftag=1928301774>
        Max-Forwards: 69
        From: "Alice" <sip:10001@sip.example.org>;tag=1928301774
        To: <sip:10005@sip.example.org>
        Call-ID: a84b4c76e66710@192.0.2.10
        CSeq: 314160 INVITE
        Contact: <sip:10001@192.0.2.10:5060;transport=udp>
        Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY
        Supported: replaces, timer, 100rel
        Session-Expires: 1800;refresher=uac
        User-Agent: Phone 4.2
        Authorization: Digest username="10001", realm="sip.example.org", nonce="5f9c1f2e7a", uri="sip:10005@sip.example.org", response="6629fae49393a05397450978507c4ef1", algorithm=MD5
        Content-Type: application/sdp
        Content-Length: {Sdp.Length}


        """.ReplaceLineEndings("\r\n")),
        .. Sdp,
    ];

    /// <summary>The pass over the bytes: what every datagram costs, wanted or not.</summary>
    [Benchmark]
    public object? Message() => SipParser.Parse(Invite).Message;

    /// <summary>With the headers that a user agent reads to serve it.</summary>
    [Benchmark]
    public int MessageAndHeaders()
    {
        var message = SipParser.Parse(Invite).Message!;
        return message.RequestUri!.Host.Length + message.TopVia!.Branch.Length + message.FromTag.Length + message.To!.Uri.Host.Length + message.CallId.Length;
    }

    /// <summary>The session description alone.</summary>
    [Benchmark]
    public int Description()
    {
        SdpParser.Parse(Sdp, out var session);
        return session.Media.Count;
    }
}
