// RFC 4475: the torture test messages, every one of them.
using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipTortureTests
{
    private static readonly SipEndpoint Peer = new(IPAddress.Parse("192.0.2.99"), 5060, SipTransport.Udp);

    public static IEnumerable<TheoryDataRow<string>> AllFiles() =>
        Directory.GetFiles(Folder, "*.dat").Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data", "rfc4475");

    [Theory]
    [InlineData("wsinv"), InlineData("intmeth"), InlineData("esc01"), InlineData("escnull"), InlineData("esc02"), InlineData("lwsdisp")]
    [InlineData("longreq"), InlineData("dblreq"), InlineData("semiuri"), InlineData("transports"), InlineData("mpart01"), InlineData("unreason"), InlineData("noreason")]
    public void Parse_ValidMessage_IsAccepted(string name)
    {
        var result = Parse(name);
        Assert.Equal((SipParseStatus.Ok, ""), (result.Status, result.Reason));
        Assert.NotNull(result.Message!.From);
        Assert.NotNull(result.Message.To);
        Assert.NotNull(result.Message.TopVia);
    }

    [Theory]
    [InlineData("badinv01", "Bad Via"), InlineData("clerr", "Content-Length Larger Than Message"), InlineData("ncl", "Bad Content-Length")]
    [InlineData("scalar02", "Bad CSeq"), InlineData("quotbal", "Bad To"), InlineData("ltgtruri", "Bad Request-URI"), InlineData("lwsruri", "Bad Request-URI")]
    [InlineData("lwsstart", "Bad Request-URI"), InlineData("trws", "Bad Request-URI"), InlineData("escruri", "Headers In Request-URI")]
    [InlineData("baddate", "Bad Date"), InlineData("regbadct", "Bad Contact"), InlineData("badaspec", "Bad To"), InlineData("baddn", "No Empty Line After Headers")]
    [InlineData("mismatch01", "Bad CSeq"), InlineData("mismatch02", "Bad CSeq"), InlineData("insuf", "Missing From"), InlineData("multi01", "Repeated CSeq")]
    [InlineData("mcl01", "Conflicting Content-Length")]
    public void Receive_InvalidRequest_IsAnswered400(string name, string reason)
    {
        var result = Parse(name);
        Assert.Equal((SipParseStatus.Malformed, reason), (result.Status, result.Reason));
        var reply = Ask(name);
        Assert.StartsWith($"SIP/2.0 400 {reason}\r\n", reply);
    }

    [Theory]
    [InlineData("scalarlg"), InlineData("bigcode")]
    public void Receive_InvalidResponse_IsDropped(string name)
    {
        Assert.Equal((SipParseStatus.Malformed, true), (Parse(name).Status, Parse(name).Message is null));
        Assert.Equal("", Ask(name));
    }

    [Theory]
    [InlineData("badvers", 505)]
    // Section 3.1.1 at a user agent that is no registrar and knows no such method.
    [InlineData("intmeth", 501), InlineData("esc02", 501), InlineData("escnull", 405), InlineData("dblreq", 405), InlineData("mpart01", 405)]
    [InlineData("lwsdisp", 200), InlineData("semiuri", 200), InlineData("transports", 200)]
    // wsinv carries a To tag: it claims to belong to a dialog that we do not have.
    [InlineData("wsinv", 481), InlineData("longreq", 100), InlineData("esc01", 100)]
    // 3.2 and 3.3: transaction and application layer.
    [InlineData("badbranch", 200), InlineData("unkscm", 416), InlineData("novelsc", 416), InlineData("unksm2", 405), InlineData("bext01", 420)]
    [InlineData("invut", 415), InlineData("regaut01", 405), InlineData("zeromf", 200), InlineData("cparam01", 405), InlineData("cparam02", 405)]
    [InlineData("regescrt", 405), InlineData("sdp01", 406), InlineData("inv2543", 100)]
    public void Receive_Request_IsAnsweredAsTheRfcSays(string name, int code) => Assert.StartsWith($"SIP/2.0 {code} ", Ask(name));

    [Theory]
    [InlineData("bcast"), InlineData("unreason"), InlineData("noreason")]
    public void Receive_ResponseToNothing_IsDropped(string name) => Assert.Equal("", Ask(name));

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Write_ParsedMessage_ParsesAgainToTheSame(string name)
    {
        var first = Parse(name);
        if (first.Status != SipParseStatus.Ok) return;
        var bytes = new SipWriter().Write(first.Message!).ToArray();
        var second = SipParser.Parse(bytes);
        Assert.Equal(SipParseStatus.Ok, second.Status);
        AssertSame(first.Message!, second.Message!);
        Assert.Equal(bytes, new SipWriter().Write(second.Message!).ToArray());
    }

    [Fact]
    public void Parse_Wsinv_ReadsThroughTheFolding()
    {
        var m = Parse("wsinv").Message!;
        Assert.Equal(("98asjd8", "1918181833n", 9u), (m.FromTag, m.ToTag, m.CSeq));
        Assert.Equal("J Rosenberg \\\"", m.From!.Display);
        Assert.Equal(("UDP", "192.0.2.2", "390skdjuw", 3), (m.TopVia!.Transport, m.TopVia.Host, m.TopVia.Branch, m.ViaCount));
        Assert.Equal("newfangled value continued newfangled value", m.Text("NewFangledHeader"));
        var contact = Assert.Single(m.Addresses(SipHeader.Contact));
        Assert.Equal(("Quoted string \"\"", "newvalue", "", "0.33"), (contact.Display, contact.Params["newparam"], contact.Params["secondparam"], contact.Params["q"]));
        Assert.Equal("chair-dnrc.example.com", m.RequestUri!.Host);
        Assert.Equal(68u, m.Number(SipHeader.MaxForwards));
    }

    [Fact]
    public void Parse_Intmeth_KeepsUnusualCharacters()
    {
        var m = Parse("intmeth").Message!;
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", m.MethodText);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", m.RequestUri!.User);
        Assert.Equal("example.com", m.RequestUri.Host);
        Assert.Equal("BEL:\a NUL:\0 DEL:\x7F", m.To!.Display);
        Assert.Equal("работающий", m.From!.Params["fromParam''~+*_!.-%"]);
        Assert.Equal("_token~1'+`*%!-.", m.FromTag);
    }

    [Fact]
    public void Parse_BaddnWithItsEmptyLine_IsRefusedForTheUnquotedComma()
    {
        byte[] whole = [.. File.ReadAllBytes(Path.Combine(Folder, "baddn.dat")), .. "\r\n"u8];
        Assert.Equal("Bad From", SipParser.Parse(whole).Reason);
    }

    [Fact]
    public void Parse_Dblreq_TakesTheFirstRequestOnly()
    {
        var m = Parse("dblreq").Message!;
        Assert.Equal((SipMethod.Register, 0), (m.Method, m.Body.Length));
    }

    [Fact]
    public void EveryMessageOfTheRfc_HasItsFileAndItsBehaviour()
    {
        // Sections 3.1.1 (13 messages), 3.1.2 (19), 3.2 (1), 3.3 (15) and 3.4 (1) of RFC 4475, in its order.
        string[] rfc =
        [
            "wsinv", "intmeth", "esc01", "escnull", "esc02", "lwsdisp", "longreq", "dblreq", "semiuri", "transports", "mpart01", "unreason", "noreason",
            "badinv01", "clerr", "ncl", "scalar02", "scalarlg", "quotbal", "ltgtruri", "lwsruri", "lwsstart", "trws", "escruri", "baddate", "regbadct", "badaspec", "baddn", "badvers",
            "mismatch01", "mismatch02", "bigcode", "badbranch",
            "insuf", "unkscm", "novelsc", "unksm2", "bext01", "invut", "regaut01", "multi01", "mcl01", "bcast", "zeromf", "cparam01", "cparam02", "regescrt", "sdp01", "inv2543",
        ];
        Assert.Equal(49, rfc.Length);
        Assert.Equal(rfc.Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.dat").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!);
        var tried = typeof(SipTortureTests).GetMethods().Where(m => m.Name.StartsWith("Receive_", StringComparison.Ordinal))
            .SelectMany(m => m.GetCustomAttributes(typeof(InlineDataAttribute), false)).Select(a => (string)((InlineDataAttribute)a).Data[0]!).ToHashSet();
        Assert.Empty(rfc.Except(tried));
    }

    private static SipParseResult Parse(string name) => SipParser.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".dat")));

    private static string Ask(string name)
    {
        var agent = new SipUserAgent(new SipUserAgentOptions { LocalAddress = _ => new SipLocalAddress("192.0.2.1", 5060), Random = SipRandom.Seeded(3) });
        agent.Receive(File.ReadAllBytes(Path.Combine(Folder, name + ".dat")), Peer, Instant.FromMilliseconds(1000));
        return agent.TryTakeMessage(out var message) ? Encoding.UTF8.GetString(message.Bytes.Span) : "";
    }

    private static void AssertSame(SipMessage a, SipMessage b)
    {
        Assert.Equal((a.StatusCode, a.Method, a.MethodText, a.CSeq, a.ReasonPhrase), (b.StatusCode, b.Method, b.MethodText, b.CSeq, b.ReasonPhrase));
        Assert.Equal((a.CallId, a.FromTag, a.ToTag, a.ViaCount, a.TopVia!.Branch), (b.CallId, b.FromTag, b.ToTag, b.ViaCount, b.TopVia!.Branch));
        Assert.Equal(a.RequestUri?.Text, b.RequestUri?.Text);
        Assert.Equal(a.Body.ToArray(), b.Body.ToArray());
        Assert.Equal(Headers(a), Headers(b));
    }

    private static List<string> Headers(SipMessage m) => [.. Enumerable.Range(0, m.HeaderCount).Where(i => m.HeaderId(i) != SipHeader.ContentLength)
        .Select(i => $"{m.HeaderId(i)} {(m.HeaderId(i) == SipHeader.Other ? SipText.ToText(m.HeaderName(i)) : "")} {SipText.ToText(m.HeaderValue(i))}")];
}
