using Microsoft.Data.Sqlite;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class HistoryTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private DatabaseKit _kit;

    public HistoryTests() => _kit = new DatabaseKit(_folder);

    [Fact]
    public async Task Writer_CallFromStartToEnd_IsOneRowWithAllFigures()
    {
        await _kit.Writer.StartAsync(default);
        _kit.Writer.Take(new CallChanged(MadeUp.Trying()));
        await UntilAsync(async () => (await RowsOrNoneAsync()).Count == 1);
        _kit.Writer.Take(new CallChanged(MadeUp.Live()));
        _kit.Writer.Take(new CallEnded(MadeUp.Ended()));
        await _kit.Writer.StopAsync(default);

        var row = Assert.Single(await _kit.RowsAsync());
        Assert.Equal(("c-1", "10006", "10005", "sip.example.org", "call_stream1"), (row.CallId, row.Caller, row.Callee, row.Domain, row.StreamName));
        Assert.Equal((MadeUp.Noon, MadeUp.Noon.AddSeconds(2), MadeUp.Noon.AddSeconds(62)), (row.StartedAt, row.AnsweredAt, row.EndedAt));
        Assert.Equal((TimeSpan.FromSeconds(60), "FINISH", false, "hung-up-there", "The other side hung up"), (row.Duration, row.Status, row.Failed, row.CauseCode, row.CauseTitle));
        Assert.Equal(("PCMU", "H264", 1950L, 50L, 2.5, 6.4), (row.AudioCodec, row.VideoCodec, row.PacketsReceived, row.PacketsLost, row.LossPercent, row.JitterMs));
        Assert.False(row.Interrupted);
    }

    [Fact]
    public async Task Writer_SameCallIdAgain_IsASecondRow()
    {
        await _kit.Writer.StartAsync(default);
        _kit.Writer.Take(new CallEnded(MadeUp.Busy()));
        _kit.Writer.Take(new CallEnded(MadeUp.Busy() with { CreatedAt = MadeUp.Noon.AddMinutes(1), EndedAt = MadeUp.Noon.AddMinutes(2) }));
        await _kit.Writer.StopAsync(default);

        Assert.Equal(["BUSY", "BUSY"], (await _kit.RowsAsync()).Select(r => r.Status));
    }

    [Fact]
    public async Task Restart_WithCallsOpen_MarksThemInterrupted()
    {
        await _kit.Writer.StartAsync(default);
        _kit.Writer.Take(new CallChanged(MadeUp.Live("open", "a")));
        _kit.Writer.Take(new CallEnded(MadeUp.Ended("done", "b")));
        await _kit.Writer.StopAsync(default);
        await RestartAsync();
        await _kit.Database.EnsureReadyAsync(default);

        var rows = (await _kit.RowsAsync()).ToDictionary(r => r.CallId);
        Assert.True(rows["open"] is { Interrupted: true, Failed: true, EndedAt: null, CauseCode: "interrupted" });
        Assert.True(rows["done"] is { Interrupted: false, Failed: false });
    }

    [Fact]
    public async Task Writer_DatabaseLockedForAWhile_WritesWhenItIsFree()
    {
        await _kit.Database.EnsureReadyAsync(default);
        await using (var locker = new SqliteConnection($"Data Source={_folder["sipstreamapp.db"]};Pooling=False"))
        {
            await locker.OpenAsync();
            await using var begin = new SqliteCommand("BEGIN EXCLUSIVE", locker);
            await begin.ExecuteNonQueryAsync();
            await _kit.Writer.StartAsync(default);
            _kit.Writer.Take(new CallEnded(MadeUp.Ended()));
            await UntilAsync(() => Task.FromResult(_kit.Database.Problem == "The database is locked by another program."));
        }

        await UntilAsync(async () => (await RowsOrNoneAsync()).Count == 1);
        await UntilAsync(() => Task.FromResult(_kit.Database.Problem is null));
        await _kit.Writer.StopAsync(default);
    }

    [Fact]
    public async Task App_DatabaseReadOnly_StartsAndSaysSo()
    {
        await _kit.Database.EnsureReadyAsync(default);
        await _kit.DisposeAsync();
        await using var app = await RunningApp.StartAsync(["--Data:Connection", $"Data Source={_folder["sipstreamapp.db"]};Mode=ReadOnly"], _folder.Path);

        var page = await app.Http.GetStringAsync("/accounts");
        Assert.Contains("The database is read-only", app.Get<Database>().Problem, StringComparison.Ordinal);
        Assert.Contains("The database is read-only", page, StringComparison.Ordinal);
        var history = await app.Http.GetAsync("/history");
        Assert.True(history.IsSuccessStatusCode);
        Assert.Equal("database", (await app.Get<AccountStore>().SaveAsync(new AccountDraft { Login = "a", Domain = "b" }, default)).Failures[0].Code);
        app.Get<HistoryWriter>().Take(new CallEnded(MadeUp.Ended()));
    }

    [Fact]
    public async Task App_StoppedDuringACall_HangsUpAndWritesTheEnd()
    {
        await using (var app = await RunningApp.StartAsync(directory: _folder.Path))
        {
            var engine = app.Get<MediaEngine>();
            var call = engine.StartCall(new CallRequest("demo", new SipIdentity("demo-caller", "127.0.0.1") { Port = engine.Snapshot().SipPort })).Value!;
            await UntilAsync(() => Task.FromResult(engine.FindCall(call.Id)?.Status is CallStatus.Established));
        }

        var row = Assert.Single(await _kit.RowsAsync());
        Assert.True(row is { AnsweredAt: not null, EndedAt: not null, Interrupted: false, Status: "FINISH" }, row.Status);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("folder")]
    public async Task App_DatabaseUnusable_StartsAndSaysSo(string kind)
    {
        if (kind == "garbage") await File.WriteAllTextAsync(_folder["sipstreamapp.db"], new string('x', 5000));
        else Directory.CreateDirectory(_folder["sipstreamapp.db"]);
        await using var app = await RunningApp.StartAsync(directory: _folder.Path);

        Assert.NotNull(app.Get<Database>().Problem);
        Assert.Contains(WebUtilityEncode(app.Get<Database>().Problem!), await app.Http.GetStringAsync("/history"), StringComparison.Ordinal);
        Assert.Equal(404, (int)(await app.Http.GetAsync("/rest-api/call/find_all")).StatusCode);
    }

    [Theory]
    [InlineData("", "All", 30)]
    [InlineData("10005", "All", 30)]
    [InlineData("busy", "All", 15)]
    [InlineData("486", "All", 15)]
    [InlineData("opus", "All", 0)]
    [InlineData("h264 pcmu", "All", 15)]
    [InlineData("", "Failed", 15)]
    [InlineData("", "Answered", 15)]
    [InlineData("", "Interrupted", 0)]
    [InlineData("100%", "All", 0)]
    [InlineData("id_7", "All", 1)]
    [InlineData("' OR 1=1 --", "All", 0)]
    public async Task Find_ByWordsAndResult_CountsWhatMatches(string text, string result, int expected)
    {
        await FillAsync(30);
        var found = await _kit.History.FindAsync(new HistoryQuery(text, Enum.Parse<HistoryResult>(result)), default);

        Assert.Equal(expected, found.Value!.Total);
    }

    [Fact]
    public async Task Find_SecondPage_GoesOnWithOlderCalls()
    {
        await FillAsync(30);
        var first = (await _kit.History.FindAsync(new HistoryQuery { Take = 20 }, default)).Value!.Rows;
        var second = (await _kit.History.FindAsync(new HistoryQuery { Skip = 20, Take = 20 }, default)).Value!.Rows;

        Assert.Equal((20, 10), (first.Count, second.Count));
        Assert.True(first[^1].StartedAt > second[0].StartedAt);
        Assert.Equal("id_29", first[0].CallId);
    }

    public async ValueTask DisposeAsync()
    {
        await _kit.DisposeAsync();
        _folder.Dispose();
    }

    private static string WebUtilityEncode(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        for (var i = 0; i < 200 && !await done(); i++) await Task.Delay(100);
        Assert.True(await done());
    }

    private async Task<List<CallRecord>> RowsOrNoneAsync()
    {
        try
        {
            return await _kit.RowsAsync();
        }
        catch (SqliteException)
        {
            return []; // Locked, or no schema yet: the caller asks again.
        }
    }

    private async Task FillAsync(int count)
    {
        await _kit.Writer.StartAsync(default);
        for (var i = 0; i < count; i++)
        {
            var call = i % 2 == 0 ? MadeUp.Ended() : MadeUp.Busy();
            _kit.Writer.Take(new CallEnded(call with { Id = new CallId($"id_{i}"), CreatedAt = MadeUp.Noon.AddMinutes(i) }));
        }

        await _kit.Writer.StopAsync(default);
        Assert.Equal(count, (await _kit.RowsAsync()).Count);
    }

    private async Task RestartAsync()
    {
        await _kit.DisposeAsync();
        _kit = new DatabaseKit(_folder);
    }
}
