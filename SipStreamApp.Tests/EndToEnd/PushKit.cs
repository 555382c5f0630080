using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Short ways to start and watch pushes of a running program.</summary>
internal static class PushKit
{
    /// <summary>POST /push/startup; expects 200 and returns the push object.</summary>
    public static async Task<JsonElement> StartPushAsync(this RunningApp app, string stream, string url, bool fullUrl = false, object? options = null)
    {
        using var answer = await app.PostAsync("/push/startup", new { streamName = stream, rtmpUrl = url, rtmpTransponderFullUrl = fullUrl, options = options ?? new { } });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static PushSnapshot Push(this RunningApp app, JsonElement push) => app.Engine.Pushes.Single(p => p.Id == push.GetProperty("mediaSessionId").GetString());

    public static async Task<PushSnapshot> UntilPushAsync(this RunningApp app, JsonElement push, PushState state, TimeSpan limit)
    {
        await Wait.ForAsync(() => app.Push(push).State == state, limit, () => $"Wanted {state}, was {app.Push(push)}");
        return app.Push(push);
    }
}
