using SipStreamApp.Components.Layout;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

/// <summary>Form and request as texts; what the palette finds.</summary>
public class TwinTests
{
    private static NewCallModel Full => new()
    {
        CallId = "c-1", Callee = "10005", ToStream = "s1", HasVideo = false, SipLogin = "10006", SipPassword = "very-secret", SipDomain = "sip.example.org", SipPort = 5080,
        SipTransport = SipTransportChoice.Tcp, SipRegisterRequired = true, VisibleName = "O'Brien \"Bob\"", AppKey = "k", RtmpUrl = "rtmp://h/a", RtmpStream = "x", SipOutboundProxy = "p", SipAuthenticationName = "a",
    };

    [Fact]
    public void Json_ReadBack_IsTheSameForm()
    {
        var read = new NewCallModel { SipPassword = "very-secret" };
        Assert.Null(CallTwin.Read(CallTwin.Json(Full), read));
        Assert.Equal(CallTwin.Json(Full), CallTwin.Json(read));
        Assert.Equal("very-secret", read.SipPassword);
    }

    [Theory]
    [InlineData("{\n \"callee\": ", "Line 2: this is not JSON yet")]
    [InlineData("[]", "The body must be an object: { … }")]
    [InlineData("{\"calle\": \"1\"}", "calle is no field of this method")]
    [InlineData("{\"sipPort\": \"x\"}", "sipPort: a number is needed")]
    [InlineData("{\"hasAudio\": 1}", "hasAudio: true or false is needed")]
    [InlineData("{\"sipTransport\": \"sctp\"}", "sipTransport: auto, udp, tcp or tls")]
    [InlineData("{\"callee\": {}}", "callee: a text, a number or true/false is needed")]
    public void Json_ThatCannotBeTaken_SaysWhyAndChangesNothing(string json, string why)
    {
        var form = Full;
        Assert.Equal(why, CallTwin.Read(json, form));
        Assert.Equal(CallTwin.Json(Full), CallTwin.Json(form));
    }

    [Fact]
    public void Json_TextsInPlaceOfFlagsAndNumbers_AreTaken()
    {
        var form = new NewCallModel();
        Assert.Null(CallTwin.Read("""{"hasAudio":"false","hasVideo":"true","sipPort":"5070","callee":10005,}""", form));
        Assert.Equal((false, true, (int?)5070, "10005"), (form.HasAudio, form.HasVideo, form.SipPort, form.Callee));
    }

    [Fact]
    public void Programs_NameThePasswordAndEscapeTexts()
    {
        foreach (var text in (string[])[CallTwin.Curl("http://h/", Full), CallTwin.CSharp("http://h/", Full), CallTwin.JavaScript("http://h/", Full), CallTwin.Json(Full), Full.ToDraft()])
            Assert.DoesNotContain("very-secret", text, StringComparison.Ordinal);
        Assert.Contains("sipPassword = Environment.GetEnvironmentVariable(\"SIP_PASSWORD\"),", CallTwin.CSharp("http://h/", Full), StringComparison.Ordinal);
        Assert.Contains("visibleName = \"O'Brien \\\"Bob\\\"\",", CallTwin.CSharp("http://h/", Full), StringComparison.Ordinal);
        Assert.Contains("sipPassword: process.env.SIP_PASSWORD,", CallTwin.JavaScript("http://h/", Full), StringComparison.Ordinal);
        Assert.Contains("hasVideo: false,", CallTwin.JavaScript("http://h/", Full), StringComparison.Ordinal);
    }

    [Fact]
    public void ExplorerLink_CarriesTheFormWithoutSecrets()
    {
        var link = CallTwin.ExplorerLink(Full);
        Assert.Contains("&callee=10005", link, StringComparison.Ordinal);
        Assert.Contains("&hasVideo=false", link, StringComparison.Ordinal);
        Assert.Contains("&visibleName=O%27Brien%20%22Bob%22", link, StringComparison.Ordinal);
        Assert.DoesNotContain("sipPassword", link, StringComparison.Ordinal);
        Assert.DoesNotContain("rtmpUrl", link, StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_ReadBack_IsTheFormWithoutItsPassword()
    {
        var draft = NewCallModel.FromDraft(Full.ToDraft())!;
        Assert.Equal("", draft.SipPassword);
        draft.SipPassword = "very-secret";
        Assert.Equal(CallTwin.Json(Full), CallTwin.Json(draft));
        Assert.Null(NewCallModel.FromDraft("{"));
        Assert.Null(NewCallModel.FromDraft(null));
    }

    [Fact]
    public void Palette_FindsByAnyWordAndPutsNamesFirst()
    {
        var live = new LiveSnapshot(new EngineSnapshot(true, "", 5062, 1, 1, 1, 0), [MadeUp.Live()], [MadeUp.LiveStream()]);
        var all = PaletteItem.Of(live, NavPages.All, mayCall: true);
        Assert.Equal("Calls", PaletteItem.Find(all, "calls")[0].Text);
        Assert.Equal("/history", PaletteItem.Find(all, "cdr")[0].Href);
        Assert.Contains(PaletteItem.Find(all, "hang 10005"), i => i is { Act: PaletteAct.HangUp, Argument: "c-1" });
        Assert.Contains(PaletteItem.Find(all, "call_stream1"), i => i.Href == "/streams/call_stream1");
        Assert.Empty(PaletteItem.Find(all, "no such thing"));
        Assert.DoesNotContain(PaletteItem.Of(live, NavPages.All, mayCall: false), i => i.Act is PaletteAct.HangUp or PaletteAct.TryIt || i.Href is "/calls/new");
        Assert.Equal(all.Count, all.Select(i => i.Key).Distinct().Count());
    }

    [Fact]
    public void Pages_HaveKeysOfTheirOwn() => Assert.Equal(NavPages.All.Count, NavPages.All.Select(p => p.Chord ?? ' ').Distinct().Count());
}
