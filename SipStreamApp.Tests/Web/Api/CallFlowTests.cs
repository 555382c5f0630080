using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

/// <summary>The REST interface against the engine and its demo callee.</summary>
public sealed class CallFlowTests(ApiTests.Host host) : IClassFixture<ApiTests.Host>
{
    private RunningApp App => host.App;

    [Fact]
    public async Task Call_FromStartupToTerminate_ShowsInFindAndThenIsGone()
    {
        using (var started = await PostAsync("startup", Startup("flow-1", "flow_stream")))
        {
            Assert.Equal((HttpStatusCode.OK, 0L), (started.StatusCode, started.Content.Headers.ContentLength));
        }

        var call = await UntilAsync("flow-1", "ESTABLISHED");
        Assert.Equal(("flow_stream", "demo-caller", 200), (call.GetProperty("streamName").GetString(), call.GetProperty("caller").GetString(), call.GetProperty("sipStatus").GetInt32()));
        Assert.Equal(JsonValueKind.Null, call.GetProperty("sdp").ValueKind);

        using (var sameId = await PostAsync("startup", Startup("flow-1", "other")))
        using (var sameStream = await PostAsync("startup", Startup("flow-2", "flow_stream")))
        {
            Assert.Equal(("call-id-taken", "stream-taken"), (await CodeAsync(sameId, 409), await CodeAsync(sameStream, 409)));
        }

        using (var terminated = await PostAsync("terminate", """{"callId":"flow-1"}"""))
        {
            Assert.Equal((HttpStatusCode.OK, 0L), (terminated.StatusCode, terminated.Content.Headers.ContentLength));
        }

        using (var find = await PostAsync("find", """{"callId":"flow-1"}"""))
        using (var again = await PostAsync("terminate", """{"callId":"flow-1"}"""))
        {
            Assert.Equal(("call-not-found", "call-not-found"), (await CodeAsync(find, 404), await CodeAsync(again, 404)));
        }

        using var asked = await PostAsync("find", """{"callId":"flow-1","status":"FINISH"}""");
        using var ended = JsonDocument.Parse(await asked.Content.ReadAsStringAsync());
        Assert.NotEqual("", ended.RootElement[0].GetProperty("cause").GetProperty("title").GetString());
    }

    [Fact]
    public async Task Startup_WithoutIds_TellsTheGeneratedOnes()
    {
        using var started = await PostAsync("startup", Startup(null, null));
        using var json = JsonDocument.Parse(await started.Content.ReadAsStringAsync());
        var id = json.RootElement.GetProperty("callId").GetString()!;

        Assert.Equal(id, json.RootElement.GetProperty("streamName").GetString());
        using var end = await PostAsync("terminate", $$"""{"callId":"{{id}}"}""");
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
    }

    [Fact]
    public async Task Call_ThatIsBusy_IsInTheHistoryWithItsCause()
    {
        using var started = await PostAsync("startup", Startup("flow-busy", "busy_stream", "demo-busy"));
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        var history = App.Get<HistoryReader>();
        CallRecord? row = null;
        for (var i = 0; i < 100 && row?.EndedAt is null; i++)
        {
            await Task.Delay(50);
            row = (await history.FindAsync(new HistoryQuery("flow-busy"), default)).Value!.Rows.FirstOrDefault();
        }

        Assert.Equal(("BUSY", 486, true, "busy_stream"), (row!.Status, row.SipStatus, row.Failed, row.StreamName));
        Assert.NotEmpty(row.CauseTitle!);
        using var find = await PostAsync("find", """{"callId":"flow-busy"}""");
        Assert.Equal("call-not-found", await CodeAsync(find, 404));
    }

    [Fact]
    public async Task Whep_OfferThatIsNone_Is400AndUnknownStreamIs404()
    {
        using var started = await PostAsync("startup", Startup("flow-whep", "whep_stream"));
        await UntilAsync("flow-whep", "ESTABLISHED");
        using var bad = await App.Http.PostAsync("/whep/whep_stream", new StringContent("nonsense", Encoding.ASCII, "application/sdp"));
        using var unknown = await App.Http.PostAsync("/whep/no_such_stream", new StringContent("v=0\r\n", Encoding.ASCII, "application/sdp"));

        Assert.Equal(("bad-offer", "stream-not-found"), (await CodeAsync(bad, 400), await CodeAsync(unknown, 404)));
        using var end = await PostAsync("terminate", """{"callId":"flow-whep"}""");
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }

    private string Startup(string? callId, string? stream, string callee = "demo") => JsonSerializer.Serialize(new
    {
        callId, toStream = stream, callee, hasAudio = "true", hasVideo = "true", sipLogin = "demo-caller", sipDomain = "127.0.0.1",
        sipPort = App.Get<MediaEngine>().Snapshot().SipPort.ToString(CultureInfo.InvariantCulture), sipRegisterRequired = "false",
    });

    private Task<HttpResponseMessage> PostAsync(string method, string json) =>
        App.Http.PostAsync("/rest-api/call/" + method, new StringContent(json, Encoding.UTF8, "application/json"));

    private async Task<JsonElement> UntilAsync(string callId, string status)
    {
        for (var i = 0; i < 200; i++)
        {
            using var response = await PostAsync("find", $$"""{"callId":"{{callId}}"}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var calls = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            if (calls.RootElement[0].GetProperty("status").GetString() == status) return calls.RootElement[0].Clone();
            await Task.Delay(50);
        }

        throw new TimeoutException($"{callId} did not become {status}");
    }
}
