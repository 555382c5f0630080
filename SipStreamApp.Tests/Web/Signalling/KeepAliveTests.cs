using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>Sessions that outlive their connection because their client asked for it.</summary>
public class KeepAliveTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Client_ThatComesBackInTime_GetsItsSession_WithoutItsStreams()
    {
        var kit = Kept();
        kit.Play("m1", "call_stream1", "b1");
        kit.Told.Clear();
        kit.Do(s => s.Disconnected(kit.Now));
        Assert.Equal("b1", kit.Command<CloseBrowser>().BrowserId);
        Assert.Equal(["StreamStatusEvent"], kit.Told.Select(t => t.Hook));
        kit.Pass(TimeSpan.FromSeconds(59));
        kit.AssertQuiet();
        Assert.True(kit.Session.IsAway);

        kit.Do(s => s.Return(SessionKit.Json("""{"keepAlive":true,"authToken":"token-1"}"""), kit.Now));
        Assert.Equal("""{"message":"getUserData","data":[{"authToken":"token-1","appKey":"defaultApp","sessionId":"s1","status":"ESTABLISHED"}]}""", kit.Frame());
        kit.AssertQuiet();
        kit.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("""{"message":"ping","data":[null]}""", kit.Frame());
    }

    [Fact]
    public void Client_ThatDoesNotComeBack_IsGivenUp()
    {
        var kit = Kept();
        kit.Told.Clear();
        kit.Do(s => s.Disconnected(kit.Now));
        Assert.Empty(kit.Told);
        kit.Pass(Minute);
        Assert.True(kit.Session.IsOver);
        var told = Assert.Single(kit.Told);
        Assert.Equal(("ConnectionStatusEvent", "DISCONNECTED"), (told.Hook, (string?)told.Payload["status"]));
        kit.AssertQuiet();
    }

    [Theory]
    [InlineData("""{"appKey":"defaultApp"}""", 60)]
    [InlineData("""{"appKey":"defaultApp","keepAlive":false}""", 60)]
    [InlineData("""{"appKey":"defaultApp","keepAlive":true}""", 0)]
    public void Client_ThatDidNotAsk_OrMayNot_EndsWithItsConnection(string connection, int seconds)
    {
        var kit = Kept(connection, TimeSpan.FromSeconds(seconds));
        kit.Do(s => s.Disconnected(kit.Now));
        Assert.True(kit.Session.IsOver);
    }

    [Fact]
    public void Terminated_WhileAway_IsOver()
    {
        var kit = Kept();
        kit.Do(s => s.Disconnected(kit.Now));
        kit.Do(s => s.Terminate("terminated", kit.Now));
        Assert.True(kit.Session.IsOver);
        Assert.False(kit.Session.IsAway);
    }

    private static SessionKit Kept(string connection = """{"appKey":"defaultApp","keepAlive":true}""", TimeSpan? keepFor = null)
    {
        var kit = new SessionKit(keepFor: keepFor ?? Minute);
        kit.Receive("connection", connection);
        kit.Frame();
        return kit;
    }
}
