namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>Calls from a running program to a <see cref="TestPhone"/>.</summary>
internal static class PhoneRing
{
    /// <summary>Calls this phone by REST and waits until it has answered.</summary>
    public static async Task<PhoneCall> CallFromAsync(this TestPhone phone, RunningApp app, string callId, bool audio = true, bool video = true)
    {
        var before = phone.Call;
        var body = app.DemoCall(callId, "phone", audio, video);
        body["sipPort"] = $"{phone.Port}";
        using var answer = await app.PostAsync("/call/startup", body);
        Xunit.Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Wait.ForAsync(() => phone.Call is { } call && call != before, TimeSpan.FromSeconds(10), () => "the phone did not ring");
        return phone.Call!;
    }
}
