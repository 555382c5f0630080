using System.Diagnostics;
using SipStreamApp.Data;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

/// <summary>One writes at a time, each in its turn; one that never ends does not stop the others.</summary>
public sealed class DatabaseTurnTests
{
    private static readonly WebhookEvent News = WebhookEvent.Create("call.ended", "call:c", TimeProvider.System.GetUtcNow(), []);

    [Fact]
    public async Task Write_WhileAnotherWrites_WaitsForItsTurn()
    {
        using var folder = new TempFolder();
        await using var kit = new DatabaseKit(folder);
        var outbox = new WebhookOutbox(kit.Contexts, kit.Database, TimeProvider.System);
        var release = new TaskCompletionSource();
        var order = new List<string>();

        var first = WriteAsync(kit.Database, "first", release.Task);
        var second = WriteAsync(kit.Database, "second", Task.CompletedTask);
        var third = outbox.AddAsync([News], default);
        await Task.Delay(300);
        Assert.Equal(("first", false, false), (string.Join(' ', order), second.IsCompleted, third.IsCompleted));
        release.SetResult();
        await Task.WhenAll(first, second, third);

        Assert.Equal(["first", "second"], order);
        Assert.Equal(1, await outbox.PendingAsync(default));

        Task WriteAsync(Database database, string name, Task until) => database.WriteAsync<string>(
            async _ =>
            {
                order.Add(name);
                await until;
                return name;
            },
            default);
    }

    [Fact]
    public async Task Write_WhileAnotherNeverEnds_GoesOnAfterFiveSeconds()
    {
        using var folder = new TempFolder();
        await using var kit = new DatabaseKit(folder);
        var outbox = new WebhookOutbox(kit.Contexts, kit.Database, TimeProvider.System);
        using var never = await kit.Database.TakeTurnAsync(default);
        var watch = Stopwatch.StartNew();
        await outbox.AddAsync([News], default);

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(30));
        Assert.Equal(1, await outbox.PendingAsync(default));
    }
}
