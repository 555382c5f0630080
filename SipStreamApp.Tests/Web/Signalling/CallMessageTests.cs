using SipStreamApp.Hooks;
using SipStreamApp.Media.Calls;

using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>The phone of a session, field by field.</summary>
public class CallMessageTests
{
    private const string SipConnection =
        """{"appKey":"defaultApp","sipLogin":"10006","sipAuthenticationName":"auth","sipPassword":"secret","sipDomain":"lab.test","sipOutboundProxy":"127.0.0.1","sipPort":"5070","sipRegisterRequired":false}""";

    private const string OutgoingCall =
        """{"callId":"c1","incoming":false,"hasVideo":false,"hasAudio":true,"status":"PENDING","mediaProvider":"WebRTC","sdp":"v=0 offer","caller":"10006","callee":"10005","visibleName":"Ten"}""";

    [Fact]
    public void OutgoingCall_FromTryingToTheEnd()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.AssertQuiet();
        kit.Receive("call", OutgoingCall);
        var request = kit.Command<PlaceCall>().Request;
        Assert.Equal(("10005", "c1", "c1", true, false, "defaultApp"), (request.Callee, request.CallId, request.ToStream, request.HasAudio, request.HasVideo, request.AppKey));
        Assert.Equal(
            new SipIdentity("10006", "lab.test") { AuthenticationName = "auth", Password = "secret", VisibleName = "Ten", OutboundProxy = "127.0.0.1", Port = 5070 },
            request.Identity);
        kit.AssertQuiet();

        kit.Do(s => s.CallPlaced(CallIdOf("c1"), null, kit.Now));
        var talk = kit.Command<TalkToCall>();
        Assert.Equal(("c1", "c1-browser", "v=0 offer"), (talk.Watch.Value, talk.Publish.Value, talk.Offer));
        kit.Do(s => s.CallChanged(Call(CallStatus.Pending), kit.Now));
        kit.AssertQuiet();
        kit.Do(s => s.CallChanged(Call(CallStatus.Trying, 100), kit.Now));
        Assert.Equal(
            """{"message":"notifyTryingResponse","data":[{"callId":"c1","status":"TRYING","incoming":false,"caller":"10006","callee":"10005","hasAudio":true,"hasVideo":false,"mediaProvider":"WebRTC","visibleName":"Ten","sipStatus":100}]}""",
            kit.Frame());
        kit.Do(s => s.CallChanged(Call(CallStatus.Ring, 180), kit.Now));
        Assert.StartsWith("""{"message":"ring","data":[{"callId":"c1","status":"RING",""", kit.Frame(), StringComparison.Ordinal);
        kit.Do(s => s.CallChanged(Call(CallStatus.Ring, 180), kit.Now));
        kit.AssertQuiet();

        kit.Do(s => s.MediaFailed(talk.Ticket, new Failure("stream-not-ready", Blame.Caller, ""), true, kit.Now));
        kit.Pass(TimeSpan.FromSeconds(0.5));
        talk = kit.Command<TalkToCall>();
        kit.Do(s => s.BrowserAnswered(talk.Ticket, "b1", "v=0 answer", kit.Now));
        Assert.Equal("""{"message":"setRemoteSDP","data":["c1","v=0 answer"]}""", kit.Frame());
        kit.Do(s => s.CallChanged(Call(CallStatus.Established, 200), kit.Now));
        Assert.StartsWith("""{"message":"talk","data":[{"callId":"c1","status":"ESTABLISHED",""", kit.Frame(), StringComparison.Ordinal);

        kit.Receive("hangup", """{"callId":"c1"}""");
        Assert.Equal("c1", kit.Command<HangUpCall>().Call.Value);
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.ClosedByBrowser, kit.Now));
        kit.AssertQuiet();
        kit.Do(s => s.CallChanged(Ended(CallStatus.Finish, "hung-up-here", failed: false), kit.Now));
        Assert.StartsWith("""{"message":"finish","data":[{"callId":"c1","status":"FINISH",""", kit.Frames.Peek(), StringComparison.Ordinal);
        Assert.EndsWith(""","info":"Normal call clearing"}]}""", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
        Assert.Equal(["TRYING", "RING", "ESTABLISHED", "FINISH"], kit.Told.Where(t => t.Hook == "CallStatusEvent").Select(t => (string?)t.Payload["status"]));
    }

    [Theory]
    [InlineData(CallStatus.Busy, "busy", "BUSY", "Failed by error")]
    [InlineData(CallStatus.Failed, "no-answer", "FAILED", "Failed by request timeout")]
    [InlineData(CallStatus.Failed, "no-common-codec", "FAILED", "No common codecs")]
    [InlineData(CallStatus.Failed, "media-stopped", "FAILED", "Failed by RTP activity")]
    public void OutgoingCall_ThatFails_SaysHow(CallStatus status, string code, string told, string info)
    {
        var kit = Placed();
        kit.Do(s => s.CallChanged(Ended(status, code, failed: true), kit.Now));
        Assert.Contains($"\"status\":\"{told}\"", kit.Frames.Peek(), StringComparison.Ordinal);
        Assert.Contains($"\"info\":\"{info}\"", kit.Frame(), StringComparison.Ordinal);
        kit.Command<GiveUp>();
        kit.AssertQuiet();
    }

    [Fact]
    public void Call_WithoutAnIdentity_Fails()
    {
        var kit = SessionKit.Established();
        kit.Receive("call", OutgoingCall);
        Assert.Contains("\"status\":\"FAILED\"", kit.Frames.Peek(), StringComparison.Ordinal);
        Assert.Contains("Failed by session creation", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
    }

    [Fact]
    public void BrowserIsLost_TheCallIsHungUpAndFails()
    {
        var kit = Talking();
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.Lost, kit.Now));
        kit.Command<HangUpCall>();
        kit.Do(s => s.CallChanged(Ended(CallStatus.Finish, "hung-up-here", failed: false), kit.Now));
        Assert.Contains("\"status\":\"FAILED\"", kit.Frames.Peek(), StringComparison.Ordinal);
        Assert.Contains("Failed by ICE error", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void SessionEnds_CallsAreHungUp_AlsoThoseNotPlacedYet()
    {
        var kit = Talking();
        kit.Receive("call", OutgoingCall.Replace("c1", "c2", StringComparison.Ordinal));
        kit.Command<PlaceCall>();
        kit.Do(s => s.Disconnected(kit.Now));
        Assert.Equal("c1", kit.Command<HangUpCall>().Call.Value);
        kit.Command<CloseBrowser>();
        kit.AssertQuiet();
        Assert.True(CallId.TryParse("c2", out var second));
        kit.Do(s => s.CallPlaced(second, null, kit.Now));
        Assert.Equal("c2", kit.Command<HangUpCall>().Call.Value);
    }

    [Fact]
    public void Hold_AndItsEnd_FollowTheEngine()
    {
        var kit = Talking();
        kit.Receive("hold", """{"callId":"c1"}""");
        Assert.True(kit.Command<HoldCall>().Hold);
        kit.Do(s => s.CallChanged(Call(CallStatus.Hold), kit.Now));
        Assert.StartsWith("""{"message":"hold","data":[{"callId":"c1","status":"HOLD",""", kit.Frame(), StringComparison.Ordinal);
        kit.Receive("unhold", """{"callId":"c1"}""");
        Assert.False(kit.Command<HoldCall>().Hold);
        kit.Do(s => s.ControlFailed(CallIdOf("c1"), kit.Now));
        Assert.Contains("\"status\":\"HOLD\"", kit.Frame(), StringComparison.Ordinal);
        kit.Do(s => s.CallChanged(Call(CallStatus.Established), kit.Now));
        Assert.Contains("\"message\":\"talk\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void KeysAndTransfer_GoToTheCall()
    {
        var kit = Talking();
        kit.Receive("sendDtmf", """{"callId":"c1","type":"INFO_RELAY","dtmf":"5"}""");
        Assert.Equal(new PressKeys(CallIdOf("c1"), "5", "INFO_RELAY"), kit.Command<PressKeys>());
        kit.Receive("transfer", """{"callId":"c1","target":"10007"}""");
        Assert.Equal("10007", kit.Command<TransferCall>().Target);
        foreach (var status in (string[])["ACCEPTED", "ACCEPTED", "COMPLETED"]) kit.Do(s => s.TransferChanged(CallIdOf("c1"), status, kit.Now));
        Assert.Equal("""{"message":"notifyTransferEvent","data":[{"callId":"c1","status":"ACCEPTED","incoming":false}]}""", kit.Frame());
        Assert.Contains("COMPLETED", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
        kit.Receive("transfer", """{"callId":"other","target":"10007"}""");
        kit.AssertQuiet();
    }

    [Fact]
    public void IncomingCall_OfferComesFirst_ThenItRings_ThenItIsAnswered()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Do(s => s.CallComesIn(Incoming(), kit.Now));
        var offer = kit.Command<OfferTalk>();
        Assert.Equal(("c1", "c1-browser"), (offer.Watch.Value, offer.Publish.Value));
        Assert.Equal([Codec.Opus, Codec.Pcmu], offer.Audio);
        kit.AssertQuiet();
        kit.Do(s => s.TalkOffered(offer.Ticket, "b1", "v=0 offer", kit.Now));
        Assert.Equal("""{"message":"setRemoteSDP","data":["c1","v=0 offer"]}""", kit.Frame());
        Assert.Equal(
            """{"message":"notifyIncomingCall","data":[{"callId":"c1","status":"RING","incoming":true,"caller":"10005","callee":"10006","hasAudio":true,"hasVideo":false,"mediaProvider":"WebRTC","visibleName":"10005","custom":{}}]}""",
            kit.Frame());
        Assert.StartsWith("""{"message":"ring","data":[{"callId":"c1","status":"RING",""", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
        Assert.Equal(["CallStatusEvent"], kit.Told.Select(t => t.Hook));

        kit.Receive("answer", """{"callId":"c1","incoming":true,"hasVideo":true,"hasAudio":true,"status":"PENDING","mediaProvider":"WebRTC","sdp":"v=0 answer"}""");
        var answer = kit.Command<AnswerCall>();
        Assert.Equal(("b1", "v=0 answer", "c1-browser"), (answer.BrowserId, answer.Answer, answer.Publish.Value));
        kit.Receive("answer", """{"callId":"c1","sdp":"v=0 answer"}""");
        kit.AssertQuiet();
        kit.Do(s => s.CallChanged(Incoming() with { Status = CallStatus.Established }, kit.Now));
        Assert.Contains("ESTABLISHED", kit.Frame(), StringComparison.Ordinal);
        kit.Receive("hangup", """{"callId":"c1"}""");
        kit.Command<HangUpCall>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IncomingCall_TheBackendDecides_AndTheClientOnlyHearsOfItThen(bool allowed)
    {
        var kit = SessionKit.Established(SipConnection, answersHooks: false);
        kit.Do(s => s.CallComesIn(Incoming(), kit.Now));
        var asked = kit.Command<AskHook>();
        Assert.Equal(("OnCallEvent", "c1", "10005", "RING"), (asked.Hook, (string?)asked.Payload["callId"], (string?)asked.Payload["caller"], (string?)asked.Payload["status"]));
        kit.Do(s => s.CallChanged(Incoming(), kit.Now));
        kit.AssertQuiet();
        kit.Do(s => s.HookAnswered(asked.Ticket, new HookReply(allowed, asked.Payload), kit.Now));
        if (allowed) kit.Command<OfferTalk>();
        else Assert.Equal("c1", kit.Command<ForbidCall>().Call.Value);
        Assert.Equal(allowed, kit.Session.Owns(CallIdOf("c1")));
        kit.AssertQuiet();
    }

    [Fact]
    public void IncomingCall_ForASessionThatIsOver_DoesNotRingForNobody()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Do(s => s.Disconnected(kit.Now));
        kit.Commands.Clear();
        kit.Do(s => s.CallComesIn(Incoming(), kit.Now));
        Assert.Equal("c1", kit.Command<HangUpCall>().Call.Value);
        kit.AssertQuiet();
    }

    [Fact]
    public void IncomingCall_CallerGivesUp_BrowserIsReleased()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Do(s => s.CallComesIn(Incoming(), kit.Now));
        kit.Do(s => s.TalkOffered(kit.Command<OfferTalk>().Ticket, "b1", "v=0 offer", kit.Now));
        kit.Frames.Clear();
        kit.Do(s => s.CallChanged(Incoming() with { Status = CallStatus.Finish, EndedAt = DateTimeOffset.UnixEpoch }, kit.Now));
        Assert.Contains("\"status\":\"FINISH\"", kit.Frame(), StringComparison.Ordinal);
        Assert.Equal("b1", kit.Command<CloseBrowser>().BrowserId);
    }

    [Fact]
    public void IncomingCall_AnswerCannotBeUsed_FailsAndHangsUp()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Do(s => s.CallComesIn(Incoming(), kit.Now));
        kit.Do(s => s.TalkOffered(kit.Command<OfferTalk>().Ticket, "b1", "v=0 offer", kit.Now));
        kit.Receive("answer", """{"callId":"c1","sdp":"bad"}""");
        kit.Command<AnswerCall>();
        kit.Frames.Clear();
        kit.Do(s => s.CallFailed(CallIdOf("c1"), new Failure("no-common-codec", Blame.Peer, ""), kit.Now));
        kit.Command<HangUpCall>();
        kit.Do(s => s.CallChanged(Ended(CallStatus.Finish, "hung-up-here", failed: false), kit.Now));
        Assert.Contains("\"info\":\"No common codecs\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Registration_IsKeptToldAndGivenBack()
    {
        var kit = SessionKit.Established(SipConnection.Replace("\"sipRegisterRequired\":false", "\"sipRegisterRequired\":\"true\"", StringComparison.Ordinal));
        Assert.True(kit.Command<KeepRegistered>().Identity.RegisterRequired);
        Assert.True(kit.Session.TakesCallsFor("10006", "LAB.test"));
        Assert.False(kit.Session.TakesCallsFor("10007", "lab.test"));
        for (var i = 0; i < 2; i++) kit.Do(s => s.RegistrationChanged(RegistrationNews.Registered, "", kit.Now));
        Assert.Equal("""{"message":"registered","data":[{"sipLogin":"10006","status":"REGISTERED"}]}""", kit.Frame());
        kit.AssertQuiet();
        kit.Do(s => s.RegistrationChanged(RegistrationNews.Failed, "The SIP server did not answer", kit.Now));
        Assert.Contains("\"status\":\"UNREGISTERED\",\"info\":\"The SIP server did not answer\"", kit.Frame(), StringComparison.Ordinal);
        // It is back.
        kit.Do(s => s.RegistrationChanged(RegistrationNews.Registered, "", kit.Now));
        Assert.StartsWith("""{"message":"registered",""", kit.Frame(), StringComparison.Ordinal);
        kit.Do(s => s.Disconnected(kit.Now));
        kit.Command<GiveUpRegistration>();
        Assert.False(kit.Session.TakesCallsFor("10006", "lab.test"));
    }

    [Fact]
    public void Registration_WrongPassword_ClosesTheSession()
    {
        var kit = SessionKit.Established(SipConnection.Replace("false", "true", StringComparison.Ordinal));
        kit.Command<KeepRegistered>();
        kit.Do(s => s.RegistrationChanged(RegistrationNews.WrongPassword, "The password is wrong", kit.Now));
        Assert.Equal("""{"message":"fail","data":[{"apiMethod":"RegistrationStatusEvent","id":"s1","status":"AUTHENTICATION_FAIL","info":"The password is wrong"}]}""", kit.Frame());
        kit.Command<GiveUpRegistration>();
        Assert.Equal("SIP registration failed: wrong password", kit.Command<CloseSession>().Reason);
    }

    private static SessionKit Placed()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Receive("call", OutgoingCall);
        kit.Command<PlaceCall>();
        kit.Do(s => s.CallPlaced(CallIdOf("c1"), null, kit.Now));
        kit.Command<TalkToCall>();
        return kit;
    }

    private static SessionKit Talking()
    {
        var kit = SessionKit.Established(SipConnection);
        kit.Receive("call", OutgoingCall);
        kit.Command<PlaceCall>();
        kit.Do(s => s.CallPlaced(CallIdOf("c1"), null, kit.Now));
        kit.Do(s => s.BrowserAnswered(kit.Command<TalkToCall>().Ticket, "b1", "v=0 answer", kit.Now));
        kit.Do(s => s.CallChanged(Call(CallStatus.Established, 200), kit.Now));
        kit.Frames.Clear();
        return kit;
    }

    private static CallId CallIdOf(string text) => CallId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private static StreamName NameOf(string text) => StreamName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private static CallSnapshot Call(CallStatus status, int? sip = null) => new()
    {
        Id = CallIdOf("c1"), Status = status, SipStatus = sip, StreamName = NameOf("c1"), Caller = "10006", Callee = "10005", Domain = "lab.test",
        AppKey = "defaultApp", HasAudio = true, CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static CallSnapshot Ended(CallStatus status, string code, bool failed) =>
        Call(status) with { EndedAt = DateTimeOffset.UnixEpoch, End = new CallEnd(code, failed, null, "", "", null, null) };

    private static CallSnapshot Incoming() => Call(CallStatus.Ring) with
    {
        Incoming = true, Caller = "10005", Callee = "10006", OfferedAudio = [Codec.Opus, Codec.Pcmu],
    };
}
