using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>An offer in the form of Chromium's, without candidates (it hides its addresses and learns by checks).</summary>
internal sealed record BrowserOffer
{
    public required IceCredentials Ice { get; init; }

    public required string Fingerprint { get; init; }

    public bool Rtx { get; init; }

    public bool Video { get; init; } = true;

    public string Audio { get; init; } = "111 9 0 8";

    /// <summary>Of both lines: recvonly watches, sendonly publishes, sendrecv does both.</summary>
    public string Direction { get; init; } = "recvonly";

    /// <summary>Numbers its packets and wants to be told when each arrived.</summary>
    public bool TransportWide { get; init; }

    /// <summary>Sends missing packets again.</summary>
    public bool Nack { get; init; } = true;

    public override string ToString()
    {
        var numbers = TransportWide ? "a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" : "";
        var common = $"""
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:{Ice.Ufrag}
            a=ice-pwd:{Ice.Password}
            a=ice-options:trickle
            a=fingerprint:sha-256 {Fingerprint}
            a=setup:actpass
            a={Direction}
            {numbers}
            a=rtcp-mux
            a=rtcp-rsize
            """;
        var audio = $"""
            m=audio 9 UDP/TLS/RTP/SAVPF {Audio}
            {common}
            a=mid:0
            a=rtpmap:111 opus/48000/2
            {(TransportWide ? "a=rtcp-fb:111 transport-cc" : "")}
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
            {(TransportWide ? "a=rtcp-fb:96 transport-cc" : "")}
            {(Nack ? "a=rtcp-fb:96 nack" : "")}
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
