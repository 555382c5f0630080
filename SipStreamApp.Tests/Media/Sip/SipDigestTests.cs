using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipDigestTests
{
    private static readonly SipCredentials Mufasa = new("Mufasa", "Circle Of Life");

    [Fact]
    public void Response_Rfc2617Example_Matches()
    {
        var input = new DigestInput("testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "GET", "/dir/index.html", "auth", 1, "0a4f113b");
        Assert.Equal("6629fae49393a05397450978507c4ef1", DigestHash.Response(DigestAlgorithm.Md5, Mufasa, input));
    }

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Response_Rfc7616Example_Matches(string algorithm, string expected)
    {
        Assert.True(DigestHash.TryParse(algorithm, out var id));
        var input = new DigestInput("http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "GET", "/dir/index.html", "auth", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        Assert.Equal(expected, DigestHash.Response(id, new SipCredentials("Mufasa", "Circle of Life"), input));
    }

    // FIPS 180-4 example vectors: one block, and two.
    [Theory]
    [InlineData("abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")]
    [InlineData("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a")]
    public void Sha512T256_StandardVectors_Match(string text, string expected) => Assert.Equal(expected, DigestHash.Hash(DigestAlgorithm.Sha512T256, text));

    [Fact]
    public void Absorb_SeveralAlgorithms_TakesTheStrongestSupported()
    {
        var client = new DigestClient(Mufasa, SipRandom.Seeded(1));
        Assert.True(client.Absorb(Challenge(401,
            "WWW-Authenticate: Digest realm=\"r\", nonce=\"a\", qop=\"auth,auth-int\", algorithm=MD5\r\n"
            + "WWW-Authenticate: Digest realm=\"r\", nonce=\"b\", qop=\"auth\", algorithm=SHA-1024\r\n"
            + "WWW-Authenticate: Digest realm=\"r\", nonce=\"c\", qop=\"auth\", algorithm=SHA-256, opaque=\"x\\\"y\"\r\n")));
        var text = Credentials(client);
        Assert.Contains("algorithm=SHA-256", text);
        Assert.Contains("nonce=\"c\"", text);
        Assert.Contains("nc=00000001", text);
        Assert.Contains("opaque=\"x\\\"y\"", text);
        Assert.Contains("nc=00000002", Credentials(client));
    }

    [Fact]
    public void Absorb_SameRealmTwice_OnlyWhenStale()
    {
        var client = new DigestClient(Mufasa, SipRandom.Seeded(1));
        Assert.True(client.Absorb(Challenge(407, "Proxy-Authenticate: Digest realm=\"p\", nonce=\"a\"\r\n")));
        Assert.True(client.Absorb(Challenge(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"a\"\r\n")));
        Assert.False(client.Absorb(Challenge(407, "Proxy-Authenticate: Digest realm=\"p\", nonce=\"b\"\r\n")));
        Assert.True(client.Absorb(Challenge(407, "Proxy-Authenticate: Digest realm=\"p\", nonce=\"c\", stale=true\r\n")));
        Assert.False(client.Absorb(Challenge(407, "Proxy-Authenticate: Digest realm=\"p\", nonce=\"c\", stale=true\r\n")));
        client.BeginRequest();
        Assert.True(client.Absorb(Challenge(407, "Proxy-Authenticate: Digest realm=\"p\", nonce=\"d\"\r\n")));
        var text = Credentials(client);
        Assert.Contains("Proxy-Authorization: Digest username=\"Mufasa\", realm=\"p\", nonce=\"d\"", text);
        Assert.Contains("\r\nAuthorization: Digest username=\"Mufasa\", realm=\"r\"", text);
        Assert.DoesNotContain("qop", text);
    }

    [Theory]
    [InlineData("secret", true), InlineData("wrong", false)]
    public void Call_ChallengedByCallee_SucceedsOnlyWithThePassword(string password, bool success)
    {
        var net = new SipNet();
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        var bob = net.Add(new SipPeer("192.0.2.2", 2, o => o with
        {
            Authenticate = new DigestServer("demo", user => user == "auth-alice" ? "secret" : null, o.Random) { Algorithm = DigestAlgorithm.Sha256 },
        }));
        bob.Host = SipCallTests.AutoAnswer(bob);
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2", new SipCredentials("auth-alice", password)), net.Now);
        net.Run(2);
        Assert.Equal(success, alice.Saw<SipCallAnswered>());
        if (!success) Assert.Equal((SipFailureKind.AuthenticationFailed, 401), (alice.Single<SipCallFailed>().Failure.Kind, alice.Single<SipCallFailed>().Failure.Status));
        Assert.Equal(2, alice.SentRequests(SipMethod.Invite).Count());
    }

    [Fact]
    public void Server_OldNonce_IsStaleAndForgedIsMissing()
    {
        var server = new DigestServer("demo", _ => "pw", SipRandom.Seeded(5));
        var client = new DigestClient(new SipCredentials("u", "pw"), SipRandom.Seeded(6));
        var at = Instant.FromMilliseconds(5000);
        Assert.True(client.Absorb(Challenge(401, $"WWW-Authenticate: {server.Challenge(at)}\r\n")));
        var request = Request(client);
        Assert.Equal(DigestVerdict.Ok, server.Verify(request, at));
        Assert.Equal(DigestVerdict.Stale, server.Verify(request, at + TimeSpan.FromMinutes(6)));
        Assert.Equal(DigestVerdict.Missing, new DigestServer("demo", _ => "pw", SipRandom.Seeded(7)).Verify(request, at));
    }

    [Fact]
    public void Secrets_NeverShow()
    {
        Assert.DoesNotContain("Circle", Mufasa.ToString());
        var masked = SipSecrets.Mask("INVITE sip:bob:hush@x SIP/2.0\r\nAuthorization: Digest username=\"u\", response=\"abcdef\",\r\n cnonce=\"123\", nc=1\r\n"
            + "proxy-authorization: Basic dXNlcg==\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:keykeykey\r\n");
        Assert.Contains("username=\"u\"", masked);
        foreach (var secret in (string[])["abcdef", "\"123\"", "dXNlcg", "hush", "keykey"]) Assert.DoesNotContain(secret, masked);
    }

    private static string Credentials(DigestClient client)
    {
        var writer = new SipWriter().Request("INVITE", "sip:x@y");
        client.Write(writer, "INVITE", "sip:x@y");
        return Encoding.UTF8.GetString(writer.Written);
    }

    private static SipMessage Request(DigestClient client)
    {
        var writer = new SipWriter().Request("INVITE", "sip:x@y").Header(SipHeader.Via, "SIP/2.0/UDP h;branch=z9hG4bKx").Header(SipHeader.From, "<sip:a@b>;tag=1")
            .Header(SipHeader.To, "<sip:x@y>").Header(SipHeader.CallId, "1").Header(SipHeader.CSeq, "1 INVITE");
        client.Write(writer, "INVITE", "sip:x@y");
        return SipParser.Parse(writer.NoBody()).Message!;
    }

    private static SipMessage Challenge(int code, string headers) => SipParser.Parse(Encoding.ASCII.GetBytes(
        $"SIP/2.0 {code} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n{headers}\r\n")).Message!;
}
