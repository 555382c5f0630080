using System.Text.Json;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

public sealed class CallStartupTests
{
    [Fact]
    public void Parse_StringsAsWcsScriptsSendThem_FillsEveryField()
    {
        var (request, errors) = Parse("""
            {"callId":"aB3-xY9","callee":"10005","hasAudio":"true","hasVideo":"false","sipLogin":"10006","sipAuthenticationName":"auth6",
             "sipPassword":" p'w\"d ","sipDomain":"sip.example.org","sipOutboundProxy":"proxy.example.org","sipPort":"5070","appKey":"myApp",
             "sipRegisterRequired":"true","toStream":"call_stream1","rtmpUrl":"rtmp://h/live","rtmpStream":"out","visibleName":"Ann","unknown":{"x":[1]}}
            """);

        Assert.False(errors.Any);
        Assert.Equal(
            new CallRequest("10005", new SipIdentity("10006", "sip.example.org")
            {
                AuthenticationName = "auth6", Password = " p'w\"d ", OutboundProxy = "proxy.example.org", Port = 5070, RegisterRequired = true, VisibleName = "Ann",
            })
            {
                CallId = "aB3-xY9", ToStream = "call_stream1", HasAudio = true, HasVideo = false, AppKey = "myApp", RtmpUrl = "rtmp://h/live", RtmpStream = "out",
            },
            request);
    }

    [Fact]
    public void Parse_RealBooleansAndNumbers_MeansTheSame()
    {
        var (request, errors) = Parse("""{"callee":10005,"sipLogin":10006,"sipDomain":"10.0.0.1","hasAudio":true,"hasVideo":false,"sipPort":5070,"sipRegisterRequired":true,"sipTransport":"TCP"}""");

        Assert.False(errors.Any);
        Assert.Equal(("10005", "10006", 5070), (request!.Callee, request.Identity.Login, request.Identity.Port));
        Assert.True(request is { HasAudio: true, HasVideo: false, Identity: { RegisterRequired: true, Transport: SipTransportChoice.Tcp } });
    }

    [Fact]
    public void Parse_OnlyWhatIsRequired_TakesTheDefaults()
    {
        var (request, _) = Parse("""{"callee":"10005","sipLogin":"10006","sipDomain":"d","callId":null,"toStream":"","sipPort":""}""");

        Assert.Equal(new CallRequest("10005", new SipIdentity("10006", "d")), request);
        Assert.True(request is { CallId: null, ToStream: null, HasAudio: true, HasVideo: true, AppKey: "defaultApp", Identity: { Port: null, RegisterRequired: false } });
    }

    [Fact]
    public void Parse_ManyWrongFields_NamesAllOfThem()
    {
        var (request, errors) = Parse("""{"callId":"a b","callee":" ","toStream":"../x","hasAudio":"maybe","hasVideo":[],"sipPort":"70000","sipDomain":{"a":1},"sipTransport":"sctp","visibleName":"a\r\nb"}""");

        Assert.Null(request);
        Assert.Equal(
            ["callId", "callee", "hasAudio", "hasVideo", "sipDomain", "sipLogin", "sipPort", "sipTransport", "toStream", "visibleName"],
            errors.ToDictionary().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parse_NeitherSoundNorPicture_IsRefused()
    {
        var (request, errors) = Parse("""{"callee":"1","sipLogin":"2","sipDomain":"d","hasAudio":"false","hasVideo":false}""");

        Assert.Null(request);
        Assert.Equal(["hasAudio"], errors.ToDictionary().Keys);
    }

    [Theory]
    [InlineData("call/1", true)]
    [InlineData("call-1", false)]
    public void Parse_CallIdThatCannotNameAStream_WantsToStream(string callId, bool refused)
    {
        var (_, errors) = Parse($$"""{"callee":"1","sipLogin":"2","sipDomain":"d","callId":"{{callId}}"}""");

        Assert.Equal(refused, errors.Has("toStream"));
    }

    [Fact]
    public void Parse_LinesBreaksInAnyField_AreRefused()
    {
        foreach (var field in new[] { "callee", "sipLogin", "sipDomain", "sipPassword", "sipAuthenticationName", "sipOutboundProxy", "visibleName", "appKey", "rtmpUrl" })
        {
            var (request, errors) = Parse($$"""{"callee":"1","sipLogin":"2","sipDomain":"d","{{field}}":"x\r\nVia: y"}""");
            Assert.Null(request);
            Assert.True(errors.Has(field), field);
        }
    }

    private static (CallRequest? Request, FieldErrors Errors) Parse(string json) =>
        CallStartup.Parse(JsonSerializer.Deserialize(json, ApiJson.Default.CallStartupBody)!);
}
