using System.Net;
using System.Text.Json;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>What the card of a call's page is to say.</summary>
/// <param name="Id">Id of the call.</param>
/// <param name="Code">Stable word of the cause.</param>
/// <param name="Title">What happened.</param>
/// <param name="Advice">Some words of what to do; empty where any will do.</param>
/// <param name="Raw">Some words of the raw line; empty where there is none.</param>
internal sealed record CauseCard(string Id, string Code, string Title, string Advice, string Raw = "")
{
    /// <summary>Whether it is a failure's card; a call that just ended has a quieter one.</summary>
    public bool IsFailure { get; init; } = true;

    /// <summary>Waits for the end of the call and compares the card on its page, and what trace.json says.</summary>
    public async Task AssertAsync(RunningApp app, TimeSpan limit)
    {
        var trace = default(JsonElement);
        var over = await Wait.UntilAsync(
            async () =>
            {
                using var answer = await app.Http.GetAsync($"/rest-api/v2/calls/{Id}/trace.json");
                if (answer.StatusCode != HttpStatusCode.OK) return false;
                trace = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                return trace.GetProperty("cause").ValueKind == JsonValueKind.Object;
            },
            limit);
        Assert.True(over, $"{Id} has no cause: {trace}");
        var cause = trace.GetProperty("cause");
        Assert.Equal((Id, Code), (Id, cause.GetProperty("code").GetString()));
        var page = WebUtility.HtmlDecode(await app.Http.GetStringAsync($"/calls/{Id}"));
        var begin = page.IndexOf($"class=\"cause {(IsFailure ? "error" : "ended")}\"", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"{Id} has no card of that sort on its page");
        var card = page[begin..page.IndexOf("</div>", begin, StringComparison.Ordinal)];
        Assert.Contains(Title, card, StringComparison.Ordinal);
        Assert.Contains(Advice, card, StringComparison.Ordinal);
        if (IsFailure) Assert.Contains("<p>", card, StringComparison.Ordinal);
        Assert.Contains(Raw, card, StringComparison.Ordinal);
        if (IsFailure) Assert.Contains("cause-actions\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", page + trace, StringComparison.Ordinal);
    }
}
