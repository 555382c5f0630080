using System.Text;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>A <see cref="FakeBrowser"/> that watches the whole program over HTTP.</summary>
internal static class FakeViewer
{
    /// <summary>Asks for the stream until it is there, and connects. Returns the session's address for DELETE.</summary>
    public static async Task<string> WatchAsync(RunningApp app, FakeBrowser browser, string stream)
    {
        var offer = browser.Offer();
        for (var attempt = 0; ; attempt++)
        {
            using var body = new StringContent(offer, Encoding.UTF8, "application/sdp");
            using var answer = await app.Http.PostAsync($"/whep/{stream}", body);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
            {
                await browser.ConnectAsync(text);
                return answer.Headers.Location!.ToString();
            }

            Xunit.Assert.True(attempt < 200, $"{answer.StatusCode} {text}");
            await Task.Delay(50);
        }
    }
}
