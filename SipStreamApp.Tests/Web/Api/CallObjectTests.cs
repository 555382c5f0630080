using System.Text.Json;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

public sealed class CallObjectTests
{
    [Fact]
    public void From_LiveCall_IsTheContractsObjectWithOurFieldsBehind()
    {
        var json = JsonSerializer.Serialize([CallObject.From(MadeUp.Live("aB3-xY9"))], ApiJson.Default.CallObjectArray);

        Assert.Equal(
            """
            [{"custom":{},"nodeId":null,"appKey":"defaultApp","sessionId":null,"callId":"aB3-xY9","parentCallId":null,"incoming":false,"status":"ESTABLISHED","sipStatus":200,
            "rtmpUrl":null,"rtmpStream":null,"streamName":"call_stream1","rtmpStreamStatus":null,"caller":"10006","callee":"10005","hasAudio":true,"hasVideo":true,"sdp":null,
            "visibleName":"10006","inviteParameters":null,"mediaProvider":"Flash","sipMessageRaw":null,"isMsrp":false,"target":null,"holdForTransfer":false,
            "createDate":1763899200000,"answerDate":1763899202000,"detail":"Live","cause":null}]
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public void From_BusyCall_SaysTheCause()
    {
        var call = CallObject.From(MadeUp.Busy());

        Assert.Equal(("BUSY", 486), (call.Status, call.SipStatus));
        Assert.Equal(new CallCauseObject("busy", "The callee is busy", "Try again in a while.", 486, "SIP/2.0 486 Busy Here"), call.Cause);
    }

    [Fact]
    public void StatusName_OfEveryStatus_IsOfTheContract()
    {
        string[] contract = ["NEW", "PENDING", "TRYING", "RING", "RING_MEDIA", "SESSION_PROGRESS", "ESTABLISHED", "HOLD", "BUSY", "FINISH", "FAILED"];

        Assert.Equal(contract, Enum.GetValues<CallStatus>().Select(CallObject.StatusName));
    }

    [Theory]
    [InlineData("""{}""", true, false)]
    [InlineData("""{"callId":"c-1"}""", true, false)]
    [InlineData("""{"callId":"c-2"}""", false, false)]
    [InlineData("""{"callee":"10005","status":"established"}""", true, false)]
    [InlineData("""{"status":"TRYING"}""", false, false)]
    [InlineData("""{"callId":"c-1","status":"FINISH"}""", false, true)]
    [InlineData("""{"rtmpUrl":"rtmp://h"}""", false, false)]
    public void Matches_EndedCalls_ShowOnlyWhereTheirStatusIsAskedFor(string filter, bool live, bool ended)
    {
        var parsed = CallFilter.From(JsonSerializer.Deserialize(filter, ApiJson.Default.CallFilterBody)!);

        Assert.Equal((live, ended), (parsed.Matches(MadeUp.Live()), parsed.Matches(MadeUp.Ended())));
    }
}
