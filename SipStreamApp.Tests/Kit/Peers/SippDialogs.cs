namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>Callees in sipp's language that do something inside the call.</summary>
internal static class SippDialogs
{
    private const string Media = "m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n";
    private const string Play = "<nop><action><exec rtp_stream=\"beep.ulaw,-1,0\"/></action></nop>";

    private const string ByeFromThere =
        "<recv request=\"BYE\"/><send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>";

    // Keeps the caller's From and Contact for requests the other way round.
    private const string Invite =
        "<recv request=\"INVITE\"><action><ereg regexp=\".*\" search_in=\"hdr\" header=\"From:\" assign_to=\"caller\"/>" +
        "<ereg regexp=\"sip:[^>]*\" search_in=\"hdr\" header=\"Contact:\" assign_to=\"contact\"/></action></recv>";

    /// <summary>183 with sound at once; the answer comes three seconds later.</summary>
    public static string EarlyMedia { get; } = Scenario(
        "<recv request=\"INVITE\"/>" + Response(183, "Session Progress", Sdp(Media), retransmit: false) + Play + "<pause milliseconds=\"3000\"/>" +
        Response(200, "OK", Sdp(Media)) + "<recv request=\"ACK\"/>" + ByeFromThere);

    /// <summary>Holds after one second, resumes after two more, then waits for the BYE.</summary>
    public static string HoldAndResume { get; } = Scenario(
        Answered + "<pause milliseconds=\"1000\"/>" + Reinvite(1, Sdp(Media + "a=sendonly\n")) + "<pause milliseconds=\"2000\"/>" +
        Reinvite(2, Sdp(Media + "a=sendrecv\n")) + ByeFromThere);

    /// <summary>OPTIONS, INFO and UPDATE inside the call, each of which must be answered 200; then it hangs up.</summary>
    public static string AskInsideTheCall { get; } = Scenario(
        Answered + Request("OPTIONS", 1) + Request("INFO", 2, "application/dtmf-relay", "Signal=5\nDuration=160\n") + Request("UPDATE", 3) +
        Request("UPDATE", 4, "application/sdp", Sdp(Media)) + "<pause milliseconds=\"500\"/>" + Request("BYE", 5));

    /// <summary>Hangs up after a second, with that Reason header.</summary>
    public static string HangUpBecause(string reason) => Scenario(
        Answered + "<pause milliseconds=\"1000\"/>" +
        Send(RequestText("BYE", 1, null, null).Replace("Max-Forwards: 70", $"Max-Forwards: 70\nReason: {reason}", StringComparison.Ordinal), retransmit: true) + "<recv response=\"200\"/>");

    /// <summary>Takes two keys by INFO in these words, then waits for the BYE.</summary>
    public static string TakeInfo(string first, string second) => Scenario(Answered + Info(first, 200) + Info(second, 200) + NoCaller + ByeFromThere);

    /// <summary>Knows no application/dtmf: 415 to it, and the same key comes again as dtmf-relay.</summary>
    public static string KnowRelayOnly(string relay) => Scenario(Answered + Info("\\n5", 415) + Info(relay, 200) + Info(relay, 200) + NoCaller + ByeFromThere);

    /// <summary>Agrees to a transfer, tries and reaches the target (or is refused there with <paramref name="final"/>); BYE follows.</summary>
    public static string Transfer(int final) => Scenario(
        Answered + "<recv request=\"REFER\"><action><ereg regexp=\"sip:10007@\" search_in=\"hdr\" header=\"Refer-To:\" check_it=\"true\" assign_to=\"target\"/>" +
        "<ereg regexp=\"sip:tester@\" search_in=\"hdr\" header=\"Referred-By:\" check_it=\"true\" assign_to=\"self\"/></action></recv><Reference variables=\"target,self\"/>" +
        Send(AnswerText(202, "Accepted"), retransmit: false) + Notify(1, "SIP/2.0 100 Trying", "active;expires=60") + "<pause milliseconds=\"200\"/>" +
        Notify(2, $"SIP/2.0 {final} Whatever", "terminated;reason=noresource") + ByeFromThere);

    private static string Notify(int cseq, string fragment, string state) =>
        Send(RequestText("NOTIFY", cseq, "message/sipfrag", fragment + "\n").Replace("Max-Forwards: 70", $"Max-Forwards: 70\nEvent: refer\nSubscription-State: {state}", StringComparison.Ordinal), retransmit: true) +
        "<recv response=\"200\"/>";

    // sipp refuses a variable that nothing reads; these say nothing of their own accord.
    private const string NoCaller = "<Reference variables=\"caller,contact\"/>";

    private static int _infos;

    private static string Info(string body, int answer)
    {
        var name = $"body{Interlocked.Increment(ref _infos)}";
        return $"<recv request=\"INFO\"><action><ereg regexp=\"{body}\" search_in=\"msg\" check_it=\"true\" assign_to=\"{name}\"/></action></recv><Reference variables=\"{name}\"/>" +
               Send(AnswerText(answer, answer == 200 ? "OK" : "Unsupported Media Type"), retransmit: false);
    }

    private static string AnswerText(int status, string reason) =>
        $"SIP/2.0 {status} {reason}\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:[local_ip]:[local_port]>\nContent-Length: 0\n\n";

    /// <summary>Falls silent and says by re-INVITE that its media is at <paramref name="port"/> from now on.</summary>
    public static string MoveMediaTo(int port) => Scenario(
        Answered + "<pause milliseconds=\"1000\"/><nop><action><exec rtp_stream=\"pause\"/></action></nop>" +
        Reinvite(1, Sdp($"m=audio {port} RTP/AVP 0\na=rtpmap:0 PCMU/8000\n")) + ByeFromThere);

    private static string Answered => Invite + Response(180, "Ringing", null, retransmit: false) + Response(200, "OK", Sdp(Media)) + "<recv request=\"ACK\"/>" + Play;

    private static string Reinvite(int cseq, string sdp) => Request("INVITE", cseq, "application/sdp", sdp) + Send(RequestText("ACK", cseq, null, null), retransmit: false);

    private static string Request(string method, int cseq, string? type = null, string? body = null) =>
        Send(RequestText(method, cseq, type, body), retransmit: true) + "<recv response=\"100\" optional=\"true\"/><recv response=\"200\"/>";

    private static string RequestText(string method, int cseq, string? type, string? body) =>
        $"{method} [$contact] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n" +
        $"From: <sip:callee@[local_ip]:[local_port]>;tag=[pid]SIPpTag01[call_number]\nTo: [$caller]\nCall-ID: [call_id]\nCSeq: {cseq} {method}\n" +
        $"Contact: <sip:[local_ip]:[local_port]>\nMax-Forwards: 70\n{(type is null ? "" : $"Content-Type: {type}\n")}Content-Length: [len]\n\n{body}";

    private static string Response(int status, string reason, string? sdp, bool retransmit = true) => Send(
        $"SIP/2.0 {status} {reason}\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPpTag01[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n" +
        $"Contact: <sip:[local_ip]:[local_port];transport=[transport]>\n{(sdp is null ? "" : "Content-Type: application/sdp\n")}Content-Length: [len]\n\n{sdp}",
        retransmit);

    private static string Send(string text, bool retransmit) => $"<send{(retransmit ? " retrans=\"500\"" : "")}><![CDATA[\n{text}]]></send>";

    private static string Sdp(string media) => $"v=0\no=callee 53655765 2353687637 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\n{media}";

    private static string Scenario(string steps) => $"<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"callee\">\n{steps}\n</scenario>\n";
}
