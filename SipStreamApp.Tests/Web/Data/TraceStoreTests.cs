using Microsoft.EntityFrameworkCore;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

/// <summary>Traces of calls in the database: there after a restart, small, thinned and deleted in time.</summary>
public sealed class TraceStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Write_TenMinuteCall_IsReadBackAfterARestartAndCostsUnder100Kilobytes()
    {
        var part = TraceKit.Part(minutes: 10);
        long before, after;
        await using (var kit = new DatabaseKit(_folder))
        {
            await AddRowAsync(kit, MadeUp.Ended());
            before = await SizeAsync(kit);

            // As the writer does it: the minute that is not over comes again with the next part.
            for (var second = 30; second <= 600; second += 45) await WriteAsync(kit, MadeUp.Ended(), Until(part, second));
            await WriteAsync(kit, MadeUp.Ended(), part);
            after = await SizeAsync(kit);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"a call of ten minutes: {after - before} bytes");
        Assert.InRange(after - before, 8_000, 100_000);
        await using var again = new DatabaseKit(_folder);
        var found = await again.Get<CallTraces>().FindAsync("c-1", CancellationToken.None);
        Assert.True(found.Succeeded);
        var view = found.Value;
        Assert.False(view.IsLive);
        Assert.Equal(part.Messages, view.Trace.Messages);
        Assert.Equal(part.Marks, view.Trace.Marks);
        Assert.Equal(part.Audio, view.Trace.Audio);
        Assert.Equal(part.Video, view.Trace.Video);
        Assert.Equal(part.Stream, view.Trace.Stream);
        Assert.Equal((CallStatus.Finish, "The other side hung up", 5080, true), (view.Call.Status, view.Call.End!.Title, view.Call.Request!.Port!.Value, view.Call.Request.HasPassword));
    }

    [Fact]
    public async Task Write_CallThatIsNotInTheHistoryYet_ComesBackAndIsTakenLater()
    {
        await using var kit = new DatabaseKit(_folder);
        var chunk = TraceKit.Chunk(MadeUp.Ended(), TraceKit.Part(1));
        Assert.Equal([chunk], await kit.Get<TraceTable>().WriteUntilItWorksAsync([chunk], CancellationToken.None));
        await AddRowAsync(kit, MadeUp.Ended());
        Assert.Empty(await kit.Get<TraceTable>().WriteUntilItWorksAsync([chunk], CancellationToken.None));
        Assert.Equal(3, (await FindAsync(kit)).Trace.Messages.Count);
    }

    [Fact]
    public async Task Find_TwoCallsOfOneId_GivesTheNewer()
    {
        await using var kit = new DatabaseKit(_folder);
        var newer = MadeUp.Busy() with { CreatedAt = MadeUp.Noon.AddHours(1), EndedAt = MadeUp.Noon.AddHours(1).AddSeconds(1) };
        foreach (var call in (CallSnapshot[])[newer, MadeUp.Ended()]) await AddRowAsync(kit, call);
        await WriteAsync(kit, newer, TraceKit.Part(1));
        var view = await FindAsync(kit);
        Assert.Equal((CallStatus.Busy, "SIP/2.0 486 Busy Here", 3), (view.Call.Status, view.Call.End!.Raw, view.Trace.Messages.Count));
    }

    [Fact]
    public async Task Find_ProgramWentDownDuringTheCall_EndsWhereItWasLastHeardOf()
    {
        await using (var kit = new DatabaseKit(_folder))
        {
            await AddRowAsync(kit, MadeUp.Live());
            await WriteAsync(kit, MadeUp.Live(), TraceKit.Part(2));
        }

        await using var again = new DatabaseKit(_folder);
        var view = await FindAsync(again);
        Assert.True(view.Call is { Interrupted: true, IsEnded: true, End.IsFailure: true });
        Assert.Equal("The server went down during the call", view.Call.End!.Title);
        Assert.Equal(TimeSpan.FromSeconds(120), view.Call.EndedAt - view.Call.StartedAt);
    }

    [Fact]
    public async Task Find_Unknown_SaysItMayHaveBeenDeleted()
    {
        await using var kit = new DatabaseKit(_folder);
        var found = await kit.Get<CallTraces>().FindAsync("never", CancellationToken.None);
        Assert.Equal("call-not-found", found.Failures.Single().Code);
        Assert.Contains("RetentionDays", found.Failures[0].Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, 1, 120)]
    [InlineData(26, 10, 12)]
    public async Task Sweep_AfterADay_ThinsToTenSecondsAndKeepsTheSums(int hours, int step, int buckets)
    {
        await using var kit = new DatabaseKit(_folder, time: new Clock(MadeUp.Noon.AddHours(hours)));
        await AddRowAsync(kit, MadeUp.Ended());
        await WriteAsync(kit, MadeUp.Ended(), TraceKit.Part(2));
        var before = (await FindAsync(kit)).Trace.Audio;
        Assert.Equal(0, (await SweepAsync(kit)).Deleted);
        var after = (await FindAsync(kit)).Trace.Audio;
        Assert.Equal((step, buckets), (after[0].Step, after.Count));
        Assert.Equal(before.Sum(b => b.Lost), after.Sum(b => b.Lost));
        Assert.Equal(before.Sum(b => b.Bytes), after.Sum(b => b.Bytes));
        Assert.Equal(0, (await SweepAsync(kit)).Thinned);
    }

    [Fact]
    public async Task Sweep_AfterTheRetention_DeletesTheCallWithAllThatIsKeptOfIt()
    {
        await using var kit = new DatabaseKit(_folder, time: new Clock(MadeUp.Noon.AddDays(31)));
        var young = MadeUp.Ended("c-2") with { CreatedAt = MadeUp.Noon.AddDays(2), EndedAt = MadeUp.Noon.AddDays(2).AddMinutes(2) };
        foreach (var call in (CallSnapshot[])[MadeUp.Ended(), young])
        {
            await AddRowAsync(kit, call);
            await WriteAsync(kit, call, TraceKit.Part(2));
        }

        Assert.Equal(1, (await SweepAsync(kit)).Deleted);
        await using var db = await kit.Get<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        Assert.Equal(["c-2"], await db.Calls.Select(c => c.CallId).ToListAsync());
        Assert.Equal((3, 3, 6), (await db.CallMessages.CountAsync(), await db.CallMarks.CountAsync(), await db.Quality.CountAsync()));
    }

    public void Dispose() => _folder.Dispose();

    private static TracePart Until(TracePart part, int second) => part with
    {
        Audio = Cut(part.Audio, second), Video = Cut(part.Video, second), Stream = Cut(part.Stream, second),
    };

    private static List<SipStreamApp.Media.Quality.QualityBucket> Cut(IReadOnlyList<SipStreamApp.Media.Quality.QualityBucket> all, int second) =>
        [.. all.Where(b => b.Second < second && b.Second >= (second - 45) / 60 * 60)];

    private static async Task<CallTraceView> FindAsync(DatabaseKit kit)
    {
        var found = await kit.Get<CallTraces>().FindAsync("c-1", CancellationToken.None);
        Assert.True(found.Succeeded, found.Failures.Count > 0 ? found.Failures[0].Title : "");
        return found.Value;
    }

    private static async Task<Swept> SweepAsync(DatabaseKit kit)
    {
        var swept = await kit.Get<HistorySweeper>().SweepAsync(CancellationToken.None);
        Assert.True(swept.Succeeded);
        return swept.Value;
    }

    private static async Task WriteAsync(DatabaseKit kit, CallSnapshot call, TracePart part) =>
        Assert.Empty(await kit.Get<TraceTable>().WriteUntilItWorksAsync([TraceKit.Chunk(call, part)], CancellationToken.None));

    private static async Task AddRowAsync(DatabaseKit kit, CallSnapshot call)
    {
        // Rows of calls that are up belong to a run that began before them: the next one finds them open.
        await kit.Database.EnsureReadyAsync(CancellationToken.None);
        await using var db = await kit.Get<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        db.Calls.Add(HistoryRow.Create(call));
        await db.SaveChangesAsync();
    }

    private static async Task<long> SizeAsync(DatabaseKit kit)
    {
        await using var db = await kit.Get<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        var pages = (await db.Database.SqlQueryRaw<long>("SELECT page_count AS Value FROM pragma_page_count()").ToListAsync()).Single();
        return pages * (await db.Database.SqlQueryRaw<long>("SELECT page_size AS Value FROM pragma_page_size()").ToListAsync()).Single();
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
