using System.Text.Json.Nodes;
using SipStreamApp.Data;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Web.Data;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Webhook;

public sealed class WebhookOutboxTests
{
    private static readonly WebhookResult Taken = new(200, null, null);
    private static readonly WebhookResult Broken = new(500, "It answered 500", null);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(5, null, 16)]
    [InlineData(9, null, 256)]
    [InlineData(10, null, 300)]
    [InlineData(1000, null, 300)]
    [InlineData(1, 30, 30)]
    [InlineData(10, 30, 300)]
    public void Pause_DoublesUpToFiveMinutes_AndHonoursTheTarget(int attempts, int? retryAfter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookOutbox.Pause(attempts, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null));

    [Fact]
    public async Task Due_OfOneObject_IsTheOldestOnly_OthersDoNotWaitForIt()
    {
        using var folder = new TempFolder();
        await using var kit = new DatabaseKit(folder, time: _time);
        var outbox = new WebhookOutbox(kit.Contexts, kit.Database, _time);
        await outbox.AddAsync([Event("a", 1), Event("a", 2), Event("b", 1)], default);

        var due = await outbox.DueAsync(10, default);
        Assert.Equal(["a1", "b1"], due.Select(d => d.Type));
        await outbox.MarkAsync(due[0].Id, Broken, default);
        await outbox.MarkAsync(due[1].Id, Taken, default);

        // a2 has to wait for a1, which has to wait a second.
        Assert.Empty(await outbox.DueAsync(10, default));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), await outbox.NextAsync(default));
        _time.Advance(TimeSpan.FromSeconds(1));
        due = await outbox.DueAsync(10, default);
        Assert.Equal(("a1", 1, 500), (Assert.Single(due).Type, due[0].Attempts, due[0].LastStatus));
        await outbox.MarkAsync(due[0].Id, Taken, default);
        Assert.Equal("a2", Assert.Single(await outbox.DueAsync(10, default)).Type);
        Assert.Equal(1, await outbox.PendingAsync(default));
    }

    [Fact]
    public async Task Delivery_ThatNobodyTakes_IsGivenUpAfterADay_AndCanBeSentAgain()
    {
        using var folder = new TempFolder();
        await using var kit = new DatabaseKit(folder, time: _time);
        var outbox = new WebhookOutbox(kit.Contexts, kit.Database, _time);
        await outbox.AddAsync([Event("a", 1)], default);
        var begin = _time.GetUtcNow();
        var attempts = 0;
        while (await outbox.NextAsync(default) is { } next)
        {
            _time.Advance(next - _time.GetUtcNow());
            await outbox.MarkAsync(Assert.Single(await outbox.DueAsync(10, default)).Id, Broken, default);
            attempts++;
        }

        var row = Assert.Single(await outbox.ListAsync(10, default));
        Assert.Equal((WebhookDeliveryState.Failed, attempts), (row.State, row.Attempts));
        Assert.InRange(_time.GetUtcNow() - begin, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.InRange(attempts, 290, 300);

        Assert.True(await outbox.RedeliverAsync(row.Id, default));
        Assert.False(await outbox.RedeliverAsync(row.Id + 1, default));
        Assert.Equal(0, Assert.Single(await outbox.DueAsync(10, default)).Attempts);
        await outbox.MarkAsync(row.Id, new WebhookResult(410, "It answered 410", null), default);
        Assert.Null(await outbox.NextAsync(default));
    }

    [Fact]
    public async Task Outbox_IsBounded_TheOldestAreGivenUp_AndTheLogForgets()
    {
        using var folder = new TempFolder();
        await using var kit = new DatabaseKit(folder, time: _time);
        var outbox = new WebhookOutbox(kit.Contexts, kit.Database, _time) { MostPending = 5, MostRows = 6 };
        await outbox.AddAsync([.. Enumerable.Range(1, 8).Select(i => Event("a", i))], default);

        Assert.Equal(5, await outbox.PendingAsync(default));
        Assert.Equal("a4", Assert.Single(await outbox.DueAsync(10, default)).Type);
        Assert.All((await outbox.ListAsync(10, default)).Where(d => d.Type is "a1" or "a2" or "a3"), d => Assert.Equal(("Given up: too many wait", WebhookDeliveryState.Failed), (d.LastProblem, d.State)));
        Assert.Equal(2, await outbox.SweepAsync(DateTimeOffset.UnixEpoch, default));
        _time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(1, await outbox.SweepAsync(_time.GetUtcNow().AddDays(-7), default));
        Assert.Equal(5, (await outbox.ListAsync(10, default)).Count);
    }

    private WebhookEvent Event(string key, int number) => WebhookEvent.Create($"{key}{number}", key, _time.GetUtcNow(), new JsonObject());
}
