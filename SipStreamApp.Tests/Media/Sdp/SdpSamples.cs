using System.Text;

namespace SipStreamApp.Tests.Media.Sdp;

/// <summary>Descriptions written after the style of real peers.</summary>
internal static class SdpSamples
{
    private const string Fingerprint = "sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    /// <summary>Chrome: recvonly audio and video as a WHEP or Flashphoner-like player offers, no candidates.</summary>
    public static string ChromePlayer(string video = ChromeVideo, string tail = "") => $"""
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:4ZcD
        a=ice-pwd:2/1muCWoOi3uLifh0NuRHlbN
        a=ice-options:trickle
        a=fingerprint:{Fingerprint}
        a=setup:actpass
        a=mid:0
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
        a=recvonly
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:111 opus/48000/2
        a=rtcp-fb:111 transport-cc
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:13 CN/8000
        a=rtpmap:110 telephone-event/48000
        a=rtpmap:126 telephone-event/8000
        {video}{tail}

        """;

    public const string ChromeVideo = $"""
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 108 109 114 39 40
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:4ZcD
        a=ice-pwd:2/1muCWoOi3uLifh0NuRHlbN
        a=ice-options:trickle
        a=fingerprint:{Fingerprint}
        a=setup:actpass
        a=mid:1
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
        a=recvonly
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=rtpmap:103 H264/90000
        a=rtcp-fb:103 ccm fir
        a=rtcp-fb:103 nack
        a=rtcp-fb:103 nack pli
        a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
        a=rtpmap:104 rtx/90000
        a=fmtp:104 apt=103
        a=rtpmap:107 H264/90000
        a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f
        a=rtpmap:108 rtx/90000
        a=fmtp:108 apt=107
        a=rtpmap:109 H264/90000
        a=rtcp-fb:109 nack pli
        a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:114 rtx/90000
        a=fmtp:114 apt=109
        a=rtpmap:39 H264/90000
        a=fmtp:39 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f
        a=rtpmap:40 rtx/90000
        a=fmtp:40 apt=39
        """;

    /// <summary>Firefox: sendrecv, session-level fingerprint, candidates with end-of-candidates, video first, a data channel.</summary>
    public const string Firefox = $"""
        v=0
        o=mozilla...THIS_IS_SDPARTA-99.0 7446172863518425183 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=sendrecv
        a=fingerprint:{Fingerprint}
        a=group:BUNDLE 0 1 2
        a=ice-options:trickle
        a=msid-semantic:WMS *
        m=video 51372 UDP/TLS/RTP/SAVPF 120 124 126 97
        c=IN IP4 192.168.1.20
        a=candidate:0 1 UDP 2122252543 192.168.1.20 51372 typ host
        a=candidate:1 1 TCP 2105524479 3f0c3e1e-3c1b-4a0e-9c7e-0f3a6f1d2b11.local 9 typ host tcptype active
        a=candidate:2 1 UDP 1686052863 203.0.113.7 51372 typ srflx raddr 192.168.1.20 rport 51372
        a=sendrecv
        a=end-of-candidates
        a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:4/recvonly http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1
        a=fmtp:97 profile-level-id=42e01f;level-asymmetry-allowed=1
        a=fmtp:120 max-fs=12288;max-fr=60
        a=fmtp:124 apt=120
        a=ice-pwd:6c4b3b6dbcbc61ce8ed0ce4c8bba29c2
        a=ice-ufrag:5f5c4f0a
        a=mid:0
        a=msid:{"{"}a0{"}"} {"{"}b1{"}"}
        a=rtcp-fb:* nack
        a=rtcp-fb:120 nack pli
        a=rtcp-fb:126 nack pli
        a=rtcp-fb:126 ccm fir
        a=rtcp-mux
        a=rtpmap:120 VP8/90000
        a=rtpmap:124 rtx/90000
        a=rtpmap:126 H264/90000
        a=rtpmap:97 H264/90000
        a=setup:actpass
        a=ssrc:2655508255 cname:{"{"}735484ea{"}"}
        m=audio 0 UDP/TLS/RTP/SAVPF 109 9 0 8 101
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=sendrecv
        a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
        a=fmtp:101 0-15
        a=ice-pwd:6c4b3b6dbcbc61ce8ed0ce4c8bba29c2
        a=ice-ufrag:5f5c4f0a
        a=mid:1
        a=rtcp-mux
        a=rtpmap:109 opus/48000/2
        a=rtpmap:9 G722/8000/1
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000/1
        a=setup:actpass
        a=ssrc:1097543912 cname:{"{"}735484ea{"}"}
        m=application 0 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=ice-pwd:6c4b3b6dbcbc61ce8ed0ce4c8bba29c2
        a=ice-ufrag:5f5c4f0a
        a=mid:2
        a=setup:actpass
        a=sctp-port:5000
        a=max-message-size:1073741823

        """;

    /// <summary>Safari lists High first and its own numbers.</summary>
    public const string SafariVideo = $"""
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100
        c=IN IP4 0.0.0.0
        a=ice-ufrag:Wq9d
        a=ice-pwd:1aYt0iXUpL2f8rVLf1xgCqkN
        a=fingerprint:{Fingerprint}
        a=setup:actpass
        a=mid:1
        a=recvonly
        a=rtcp-mux
        a=rtpmap:96 H264/90000
        a=rtcp-fb:96 nack pli
        a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=rtpmap:98 H264/90000
        a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:99 rtx/90000
        a=fmtp:99 apt=98
        a=rtpmap:100 VP8/90000
        """;

    /// <summary>baresip: AVP audio, AVP video, own numbers, sprop-parameter-sets.</summary>
    public const string Baresip = """
        v=0
        o=- 3427984123 1187654321 IN IP4 192.0.2.10
        s=-
        c=IN IP4 192.0.2.10
        t=0 0
        a=tool:baresip 1.1.0
        m=audio 10050 RTP/AVP 96 0 8 101
        a=rtpmap:96 opus/48000/2
        a=fmtp:96 stereo=1;sprop-stereo=1
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=rtcp:10051
        a=sendrecv
        a=label:1
        a=rtcp-rsize
        a=ssrc:1234567 cname:sip:a@192.0.2.10
        a=ptime:20
        m=video 10052 RTP/AVP 97 98
        b=AS:1024
        a=rtpmap:97 H264/90000
        a=fmtp:97 packetization-mode=0;profile-level-id=42001f;usedtx=0
        a=rtpmap:98 H264/90000
        a=fmtp:98 packetization-mode=1;profile-level-id=42001f;sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA==
        a=rtcp:10053
        a=framerate:30.00
        a=rtcp-fb:* nack
        a=rtcp-fb:* nack pli
        a=sendrecv
        a=content:main

        """;

    /// <summary>linphone: AVPF video beside AVP audio, media-level IPv6, session-level ICE and rtcp-xr.</summary>
    public const string Linphone = """
        v=0
        o=alice 1367 2045 IN IP6 2001:db8::10
        s=Talk
        c=IN IP6 2001:db8::10
        t=0 0
        a=ice-pwd:b4d2be1bdb4b0bd7d4f0ccb1
        a=ice-ufrag:7b5e5d19
        a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics
        a=group:BUNDLE as vs
        m=audio 7078 RTP/AVP 96 97 98 0 8 18 101 99
        a=rtpmap:96 opus/48000/2
        a=fmtp:96 useinbandfec=1
        a=rtpmap:97 speex/16000
        a=fmtp:97 vbr=on
        a=rtpmap:98 speex/8000
        a=fmtp:18 annexb=yes
        a=rtpmap:101 telephone-event/48000
        a=rtpmap:99 telephone-event/8000
        a=rtcp-mux
        a=mid:as
        m=video 9078 RTP/AVPF 96 97
        c=IN IP6 2001:db8::11
        a=rtpmap:96 VP8/90000
        a=rtpmap:97 H264/90000
        a=fmtp:97 profile-level-id=42801F
        a=rtcp-fb:* trr-int 1000
        a=rtcp-fb:* ccm tmmbr
        a=rtcp-fb:96 nack pli
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:97 nack pli
        a=mid:vs

        """;

    /// <summary>sipp's built-in scenario: LF line ends, static type without fmtp.</summary>
    public const string Sipp = "v=0\no=user1 53655765 2353687637 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 6000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n";

    /// <summary>Asterisk's answer: its own order, maxptime, port-only rtcp.</summary>
    public const string Asterisk = """
        v=0
        o=- 1 4 IN IP4 203.0.113.5
        s=Asterisk
        c=IN IP4 203.0.113.5
        t=0 0
        m=audio 17344 RTP/AVP 8 0 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=maxptime:150
        a=sendrecv
        m=video 0 RTP/AVP 98 99 100

        """;

    /// <summary>Cisco-like: gateway names, static types without rtpmap, TIAS bandwidth, trailing image line.</summary>
    public const string Cisco = """
        v=0
        o=CiscoSystemsSIP-GW-UserAgent 1597 5834 IN IP4 198.51.100.1
        s=SIP Call
        c=IN IP4 198.51.100.1
        b=TIAS:64000
        t=0 0
        m=audio 16552 RTP/AVP 0 8 18 101
        c=IN IP4 198.51.100.2
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=fmtp:18 annexb=no
        m=image 16554 udptl t38
        a=T38FaxVersion:0

        """;
}
