using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Tests.Web.Data;

/// <summary>Traces made up for tests.</summary>
internal static class TraceKit
{
    public const string Invite = "INVITE sip:10005@sip.example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1\r\nFrom: <sip:10006@sip.example.org>;tag=a\r\n"
        + "To: <sip:10005@sip.example.org>\r\nCall-ID: abc\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 122\r\n\r\n"
        + "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    public const string Busy = "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1\r\nFrom: <sip:10006@sip.example.org>;tag=a\r\n"
        + "To: <sip:10005@sip.example.org>;tag=b\r\nCall-ID: abc\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

    public static SipTraceMessage Message(int number, double seconds, bool sent, string text, int? repeatOf = null) =>
        new(number, TimeSpan.FromSeconds(seconds), sent, "192.0.2.1:5062", "198.51.100.7:5060", "UDP", repeatOf, text);

    public static CallMark Mark(int number, double seconds, MarkKind kind, string word, string text, MarkLevel level = MarkLevel.Info, string? key = null, bool ends = false) =>
        new(number, TimeSpan.FromSeconds(seconds), kind, level, word, text, key, ends);

    /// <summary>A call of so many minutes with the loss of a bad network in the second one.</summary>
    public static TracePart Part(int minutes) => new()
    {
        Messages = [Message(0, 0.004, true, Invite), Message(1, 0.504, true, Invite, 0), Message(2, 0.6, false, Busy)], MessagesCut = 0,
        Marks = [Mark(0, 0, MarkKind.State, "Pending", "Reaching the SIP server"), Mark(1, 2, MarkKind.State, "Established", "Live"), Mark(2, 3, MarkKind.Verdict, "Good", "Good")],
        MarksCut = 0, Audio = Buckets(minutes), Video = Buckets(minutes), Next = new TraceCursor(3, 3, minutes * 60),
        Stream = [.. Enumerable.Range(0, minutes).SelectMany(m => QualityBlobTests.Minute(m, noisy: false))],
    };

    public static TraceChunk Chunk(CallSnapshot call, TracePart part) => new(
        new TracedCall(call, new CallRequest(call.Callee, new SipIdentity(call.Caller, call.Domain) { Port = 5080, RegisterRequired = true }) { ToStream = call.StreamName.Value }, HasPassword: true, IsSettled: call.IsEnded),
        part);

    private static QualityBucket[] Buckets(int minutes) => [.. Enumerable.Range(0, minutes).SelectMany(m => QualityBlobTests.Minute(m, noisy: true))];
}
