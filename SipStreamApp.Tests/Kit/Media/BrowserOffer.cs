using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>A receive-only offer in the form of Chromium's, without candidates (it hides its addresses and learns by checks).</summary>
internal sealed record BrowserOffer
{
    public required IceCredentials Ice { get; init; }

    public required string Fingerprint { get; init; }

    public bool Rtx { get; init; }

    public bool Video { get; init; } = true;

    public string Audio { get; init; } = "111 9 0 8";

    public override string ToString()
    {
        var common = $"""
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:{Ice.Ufrag}
            a=ice-pwd:{Ice.Password}
            a=ice-options:trickle
            a=fingerprint:sha-256 {Fingerprint}
            a=setup:actpass
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            """;
        var audio = $"""
            m=audio 9 UDP/TLS/RTP/SAVPF {Audio}
            {common}
            a=mid:0
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:9 G722/8000
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            """;
        var rtx = """
            a=rtpmap:104 rtx/90000
            a=fmtp:104 apt=103
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            """;
        var video = $"""
            m=video 9 UDP/TLS/RTP/SAVPF 96 103{(Rtx ? " 97 104" : "")}
            {common}
            a=mid:1
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtpmap:103 H264/90000
            a=rtcp-fb:103 ccm fir
            a=rtcp-fb:103 nack
            a=rtcp-fb:103 nack pli
            a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
            {(Rtx ? rtx : "")}
            """;
        var text = $"""
            v=0
            o=- 4962303333179871722 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0{(Video ? " 1" : "")}
            a=extmap-allow-mixed
            a=msid-semantic: WMS
            {audio}
            {(Video ? video : "")}
            """;
        return string.Join("\r\n", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) + "\r\n";
    }
}
