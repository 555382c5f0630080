namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>Callees in sipp's language.</summary>
internal static class SippScenarios
{
    /// <summary>Rings, answers with PCMU and plays a tone until the caller hangs up.</summary>
    public static string AnswerAndPlay { get; } = Scenario(
        Invite + Reply(180, "Ringing") + Answer("m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n") + Ack +
        "<nop><action><exec rtp_stream=\"beep.ulaw,-1,0\"/></action></nop>" + Bye);

    /// <summary>Agrees on PCMU and then sends G.729, which nobody offered.</summary>
    public static string AnswerAndPlayG729 { get; } = AnswerAndPlay.Replace("beep.ulaw,-1,0", "beep.ulaw,-1,18", StringComparison.Ordinal);

    /// <summary>Answers and then stays silent.</summary>
    public static string AnswerSilently { get; } = Scenario(
        Invite + Answer("m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n") + Ack + Bye);

    /// <summary>Answers with an SDP that is none.</summary>
    public static string AnswerWithMalformedSdp { get; } = Scenario(Invite + AnswerRaw("v=0\no=broken\nm=audio\n") + Ack + Bye);

    /// <summary>Answers with a codec that was not offered.</summary>
    public static string AnswerWithUnknownCodec { get; } = Scenario(
        Invite + Answer("m=audio [rtpstream_audio_port] RTP/AVP 3\na=rtpmap:3 GSM/8000\n") + Ack + Bye);

    /// <summary>Calls without an offer, answers ours in its ACK and plays a tone until the callee hangs up (-s names the callee).</summary>
    public static string CallWithoutOffer { get; } = Scenario(
        "<send retrans=\"500\"><![CDATA[\nINVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n" +
        "From: <sip:caller@[local_ip]>;tag=[pid]SIPpTag00[call_number]\nTo: <sip:[service]@[remote_ip]>\nCall-ID: [call_id]\nCSeq: 1 INVITE\n" +
        "Contact: <sip:caller@[local_ip]:[local_port]>\nMax-Forwards: 70\nContent-Length: 0\n\n]]></send>" +
        "<recv response=\"100\" optional=\"true\"/><recv response=\"180\" optional=\"true\"/><recv response=\"200\" rtd=\"true\"/>" +
        "<send><![CDATA[\nACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n" +
        "From: <sip:caller@[local_ip]>;tag=[pid]SIPpTag00[call_number]\nTo: <sip:[service]@[remote_ip]>[peer_tag_param]\nCall-ID: [call_id]\nCSeq: 1 ACK\n" +
        "Max-Forwards: 70\nContent-Type: application/sdp\nContent-Length: [len]\n\n" +
        "v=0\no=caller 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 96\n]]></send>" +
        "<nop><action><exec rtp_stream=\"beep.ulaw,-1,0\"/></action></nop>" + Bye);

    /// <summary>Rings for ever; answers CANCEL.</summary>
    public static string RingForever { get; } = Scenario(
        Invite + Reply(180, "Ringing") + "<recv request=\"CANCEL\"/>" +
        "<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>" +
        "<send retrans=\"500\"><![CDATA[\nSIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPpTag01[call_number]\n[last_Call-ID:]\nCSeq: 1 INVITE\nContent-Length: 0\n\n]]></send>" +
        "<recv request=\"ACK\"/>");

    /// <summary>Refuses with a final status.</summary>
    public static string Refuse(int status, string reason) => Scenario(Invite + Reply(status, reason, retransmit: true) + "<recv request=\"ACK\"/>");

    private const string Invite = "<recv request=\"INVITE\" crlf=\"true\"/>";
    private const string Ack = "<recv request=\"ACK\" crlf=\"true\"/>";

    private const string Bye =
        "<recv request=\"BYE\"/><send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>";

    private static string Scenario(string steps) => $"<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"callee\">\n{steps}\n</scenario>\n";

    private static string Reply(int status, string reason, bool retransmit = false) =>
        $"<send{(retransmit ? " retrans=\"500\"" : "")}><![CDATA[\nSIP/2.0 {status} {reason}\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPpTag01[call_number]\n" +
        "[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:[local_ip]:[local_port];transport=[transport]>\nContent-Length: 0\n\n]]></send>";

    private static string Answer(string media) =>
        AnswerRaw($"v=0\no=callee 53655765 2353687637 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\n{media}");

    private static string AnswerRaw(string sdp) =>
        "<send retrans=\"500\"><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPpTag01[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n" +
        $"Contact: <sip:[local_ip]:[local_port];transport=[transport]>\nContent-Type: application/sdp\nContent-Length: [len]\n\n{sdp}]]></send>";
}
