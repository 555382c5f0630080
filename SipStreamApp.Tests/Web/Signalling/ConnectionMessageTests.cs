using SipStreamApp.Hooks;
using SipStreamApp.Signalling.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>Coming and going of a session, field by field.</summary>
public class ConnectionMessageTests
{
    [Fact]
    public void Connection_IsAnsweredWithUserData()
    {
        var kit = new SessionKit();
        kit.Receive("connection", """{"appKey":"myApp","mediaProviders":["WebRTC","MSE"],"clientVersion":"2.0","sipLogin":"10006","sipPassword":"secret","sipPort":5060,"custom":{"a":1}}""");
        Assert.Equal(
            """{"message":"getUserData","data":[{"authToken":"token-1","appKey":"myApp","sessionId":"s1","sipLogin":"10006","status":"ESTABLISHED","custom":{"a":1}}]}""",
            kit.Frame());
        kit.AssertQuiet();
        var told = Assert.Single(kit.Told);
        Assert.Equal("ConnectionStatusEvent", told.Hook);
        Assert.StartsWith("""{"nodeId":"node@10.0.0.2","appKey":"myApp","sessionId":"s1",""", told.Payload.ToJsonString(), StringComparison.Ordinal);
        Assert.EndsWith("\"status\":\"ESTABLISHED\"}", told.Payload.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told.Payload.ToJsonString() + kit.Session.Describe().Connection.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_RefusedByTheBackend_FailsAndCloses()
    {
        var kit = new SessionKit(answersHooks: false);
        kit.Receive("connection", """{"appKey":"myApp","authToken":"from-page"}""");
        var ask = kit.Command<AskHook>();
        Assert.Equal("connect", ask.Hook);
        Assert.Equal("""{"nodeId":"node@10.0.0.2","appKey":"myApp","sessionId":"s1","authToken":"from-page"}""", ask.Payload.ToJsonString());
        kit.Do(s => s.HookAnswered(ask.Ticket, new HookReply(false, ask.Payload, "no"), kit.Now));
        Assert.Equal("""{"message":"fail","data":[{"apiMethod":"ConnectionStatusEvent","id":"s1","status":"FAILED","info":"Restricted access"}]}""", kit.Frame());
        Assert.Equal(1008, kit.Command<CloseSession>().Code);
        Assert.Equal("""{"nodeId":"node@10.0.0.2","appKey":"myApp","sessionId":"s1","status":"FAILED","info":"Restricted access"}""", Assert.Single(kit.Told).Payload.ToJsonString());
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        kit.AssertQuiet();
    }

    [Fact]
    public void Connection_BackendMayGiveTheSipIdentity()
    {
        var kit = new SessionKit(answersHooks: false);
        kit.Receive("connection", """{"appKey":"clickToCallApp"}""");
        var ask = kit.Command<AskHook>();
        ask.Payload["sipLogin"] = "10006";
        kit.Do(s => s.HookAnswered(ask.Ticket, new HookReply(true, ask.Payload), kit.Now));
        Assert.Contains("\"sipLogin\":\"10006\"", kit.Frame(), StringComparison.Ordinal);
        Assert.Equal("10006", kit.Session.Describe().SipLogin);
    }

    [Fact]
    public void Pings_ComeEveryFiveSeconds_AndTenWithoutAnAnswerCloseTheSession()
    {
        var kit = SessionKit.Established();
        kit.Pass(TimeSpan.FromSeconds(4.5));
        kit.AssertQuiet();
        kit.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal("""{"message":"ping","data":[null]}""", kit.Frame());
        kit.Receive("pong", "null");
        for (var i = 0; i < ClientSession.MaxMissedPongs; i++)
        {
            kit.Pass(ClientSession.PingInterval);
            Assert.Contains("ping", kit.Frame(), StringComparison.Ordinal);
        }

        Assert.Empty(kit.Commands);
        kit.Pass(ClientSession.PingInterval);
        Assert.Equal(new CloseSession(1008, "no answer to pings"), kit.Command<CloseSession>());
        kit.AssertQuiet();
    }

    [Fact]
    public void Ping_OfTheClient_IsAnswered()
    {
        var kit = SessionKit.Established();
        kit.Receive("ping", "null");
        Assert.Equal("""{"message":"pong","data":[null]}""", kit.Frame());
    }

    [Fact]
    public void NoConnectionMessage_ClosesAfterTenSeconds()
    {
        var kit = new SessionKit();
        kit.Pass(TimeSpan.FromSeconds(9.5));
        Assert.Empty(kit.Commands);
        kit.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal("no connection message came", kit.Command<CloseSession>().Reason);
    }

    [Fact]
    public void UnknownNames_AreIgnoredAndCounted()
    {
        var kit = SessionKit.Established();
        kit.Receive("brandNew", """{"a":1}""");
        kit.Receive("pushLogs", """{"logs":"x"}""");
        kit.AssertQuiet();
        Assert.Equal(1, kit.Session.UnknownMessages);
    }

    [Fact]
    public void SendData_IsAcceptedByTheBackend()
    {
        var kit = SessionKit.Established();
        kit.Receive("sendData", """{"operationId":"o1","payload":{"x":[1,2]}}""");
        Assert.Equal("""{"message":"DataStatusEvent","data":[{"operationId":"o1","status":"ACCEPTED"}]}""", kit.Frame());
        kit.Do(s => s.SendData("o2", SessionKit.Json("""{"y":1}"""), kit.Now));
        Assert.Equal("""{"message":"OnDataEvent","data":[{"operationId":"o2","payload":{"y":1}}]}""", kit.Frame());
        Assert.Equal(["DataStatusEvent", "OnDataEvent"], kit.Told.Select(t => t.Hook));
    }

    [Fact]
    public void Flood_WhileHooksAreSlow_ClosesTheSession()
    {
        var kit = new SessionKit(answersHooks: false);
        kit.Receive("connection", "{}");
        var connect = kit.Command<AskHook>();
        kit.Do(s => s.HookAnswered(connect.Ticket, new HookReply(true, connect.Payload), kit.Now));
        for (var i = 0; i < 200; i++) kit.Receive("sendData", """{"operationId":"o1"}""");
        Assert.Equal(100, kit.Commands.Count(c => c is AskHook));
        Assert.Equal("too many requests at once", kit.Commands.OfType<CloseSession>().Single().Reason);
    }
}
