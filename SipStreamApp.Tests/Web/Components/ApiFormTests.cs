using System.Text.Json.Nodes;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

/// <summary>Form and JSON of the API explorer are one thing; what is sent, kept and copied.</summary>
public class ApiFormTests
{
    private static readonly ApiField Password = new("sipPassword", ApiPlace.Body, ApiKind.Text, false, null);
    private static readonly ApiField Rotation = new("config.rotation", ApiPlace.Body, ApiKind.Text, false, null);
    private static readonly ApiField Names = new("display", ApiPlace.Body, ApiKind.List, false, null);
    private static readonly ApiField Flag = new("hasAudio", ApiPlace.Body, ApiKind.Flag, false, null);
    private static readonly ApiField Port = new("sipPort", ApiPlace.Body, ApiKind.Number, false, null);
    private static readonly ApiField Id = new("id", ApiPlace.Path, ApiKind.Text, true, null);
    private static readonly ApiField Stream = new("s", ApiPlace.Query, ApiKind.List, false, null);

    [Fact]
    public void Set_FieldsOfEveryKind_StandInTheJson_AndEmptyOnesAreGone()
    {
        var form = Form("POST", "/rest-api/x", Password, Rotation, Names, Flag, Port);
        form.Set(Rotation, "20M");
        form.Set(Names, "a, b");
        form.Set(Flag, "true");
        form.Set(Port, "5062");
        Same("""{"config":{"rotation":"20M"},"display":["a","b"],"hasAudio":true,"sipPort":5062}""", form.Body);
        Assert.Equal(("20M", "a, b", "true", "5062"), (form.Get(Rotation), form.Get(Names), form.Get(Flag), form.Get(Port)));

        form.Set(Rotation, "");
        form.Set(Port, "no number");
        Same("""{"display":["a","b"],"hasAudio":true,"sipPort":"no number"}""", form.Body);
    }

    [Fact]
    public void Read_Json_FillsTheForm_AndWhatIsNoneIsPointedAt()
    {
        var form = Form("POST", "/rest-api/x", Rotation, Flag);
        Assert.Null(form.Read("""{"config":{"rotation":"1G"},"hasAudio":"false","mine":[{"a":1}],}"""));
        Assert.Equal(("1G", "false"), (form.Get(Rotation), form.Get(Flag)));
        Assert.Equal("Line 2: this is not JSON yet", form.Read("{\n \"hasAudio\": "));
        Assert.Equal("The body must be an object: { … }", form.Read("[]"));
        Assert.Equal("A name stands twice in it", form.Read("""{"a":1,"a":2}"""));
        Assert.Equal("1G", form.Get(Rotation));
        Assert.Null(form.Read(""));
        Assert.Equal("{}", form.Json);
    }

    [Fact]
    public void Secret_IsSent_ButNeverShownKeptOrCopied()
    {
        var form = Form("POST", "/rest-api/x", Password);
        form.Set(Password, "very-secret");
        Assert.Equal("very-secret", form.Get(Password));
        Assert.Contains("\"$SIP_PASSWORD\"", form.Json, StringComparison.Ordinal);
        Assert.Contains("very-secret", form.Sent(), StringComparison.Ordinal);

        // Typed into the JSON it is taken over all the same.
        Assert.Null(form.Read("""{"sipPassword":"other-secret","rtmpUrl":"rtmp://live.example.org/app/stream-key"}"""));
        Assert.Contains("other-secret", form.Sent(), StringComparison.Ordinal);
        var kept = form.Kept();
        var twin = new RequestTwin("POST", "http://h/rest-api/x", form.Body);
        foreach (var text in (string[])[form.Json, kept.Body!, twin.Curl(), twin.CSharp(), twin.JavaScript()]) Assert.DoesNotContain("other-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("stream-key", kept.Body, StringComparison.Ordinal);
        Assert.Contains("rtmp://live.example.org/app/", kept.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_NeedsItsPath_EscapesAndRepeatsLists()
    {
        var form = Form("GET", "/recordings/{id}/file", Id, Stream);
        Assert.Null(form.Address());
        form.Set(Id, "a/b c");
        form.Set(Stream, "x, y z");
        Assert.Equal("/recordings/a%2Fb%20c/file?s=x&s=y%20z", form.Address());
        var again = Form("GET", "/recordings/{id}/file", Id, Stream);
        again.Restore(form.Kept());
        Assert.Equal(form.Address(), again.Address());
    }

    [Fact]
    public void Twin_OfNestedBodiesAndKeys_IsProperCode()
    {
        var body = (JsonObject)JsonNode.Parse("""{"a":{"b":"it's"},"list":["x",1],"none":null}""")!;
        var twin = new RequestTwin("POST", "http://h/x", body, HasKey: true);
        Assert.Contains("-H \"Authorization: Bearer $SIPSTREAM_KEY\"", twin.Curl(), StringComparison.Ordinal);
        Assert.Contains("it'\\''s", twin.Curl(), StringComparison.Ordinal);
        Assert.Contains("    a = new\n    {\n        b = \"it's\",\n    },\n    list = new object?[] { \"x\", 1 },\n    none = (object?)null,\n", twin.CSharp(), StringComparison.Ordinal);
        Assert.Contains("    a: {\n      b: \"it's\",\n    },\n    list: [\"x\", 1],\n    none: null,\n", twin.JavaScript(), StringComparison.Ordinal);
        Assert.Equal("curl 'http://h/x?a=1&b=2'", new RequestTwin("GET", "http://h/x?a=1&b=2", null).Curl());
        Assert.Contains("http.DeleteAsync(\"http://h/x\")", new RequestTwin("DELETE", "http://h/x", null).CSharp(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_TakesWhatIsLive_AndTheTestNumberForACall()
    {
        var live = new LiveSnapshot(new EngineSnapshot(true, "", 5099, 1, 1, 1, 0), [MadeUp.Live()], [MadeUp.LiveStream()]);
        var objects = new ApiObjects(live, ["rec-1"], ["push-1"], [], [], []);
        var callId = new ApiField("callId", ApiPlace.Body, ApiKind.Text, true, null);
        Assert.Equal("c-1", objects.Fill(new ApiOperation("Call", "POST", "/rest-api/call/terminate", "", null, [callId], "application/json")).Get(callId));
        Assert.Equal("/recordings/rec-1", objects.Fill(new ApiOperation("Recordings", "DELETE", "/recordings/{id}", "", null, [Id], null)).Address());
        var push = new ApiField("mediaSessionId", ApiPlace.Body, ApiKind.Text, true, null);
        Assert.Equal("push-1", objects.Fill(new ApiOperation("Push", "POST", "/rest-api/push/mute", "", null, [push], "application/json")).Get(push));
        var callee = new ApiField("callee", ApiPlace.Body, ApiKind.Text, true, null);
        var startup = objects.Fill(new ApiOperation("Call", "POST", "/rest-api/call/startup", "", null, [callId, callee, Port], "application/json"));
        Assert.Equal(("", "demo", "5099"), (startup.Get(callId), startup.Get(callee), startup.Get(Port)));
    }

    private static ApiForm Form(string method, string path, params ApiField[] fields) => new(new ApiOperation("X", method, path, "", null, fields, method == "POST" ? "application/json" : null));

    private static void Same(string json, JsonObject body) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), body), body.ToJsonString());
}
