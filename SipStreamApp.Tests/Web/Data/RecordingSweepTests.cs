using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Recording;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class RecordingSweepTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_OlderThanRetentionOrDeletedAWhileAgo_RemovesFilesAndRowsOfThoseAlone()
    {
        var time = new NoonClock();
        await using var kit = new DatabaseKit(_folder, time: time, recording: new RecordingOptions { Directory = _folder["records"], RetentionDays = 7 });
        Directory.CreateDirectory(kit.Engine.RecordingDirectory);
        string[] all = ["old", "young", "deleted", "undoable"];
        foreach (var file in all.SelectMany(n => new[] { n + ".mp4", n + ".jpg" })) await File.WriteAllTextAsync(PathOf(kit, file), "x");
        await kit.AddAsync(
            MadeUp.Recording("old", MadeUp.Noon.AddDays(-7).AddMinutes(-1)), MadeUp.Recording("young", MadeUp.Noon.AddDays(-7).AddMinutes(1)),
            MadeUp.Recording("deleted", MadeUp.Noon.AddDays(-1), MadeUp.Noon.AddSeconds(-31)), MadeUp.Recording("undoable", MadeUp.Noon.AddDays(-1), MadeUp.Noon.AddSeconds(-29)));

        using var sweeper = new RecordingSweeper(kit.Recordings, kit.Settings, time);
        await sweeper.StartAsync(CancellationToken.None);
        // Files go first, rows after them.
        Assert.True(await Wait.UntilAsync(async () => (await kit.Recordings.ListAsync(CancellationToken.None)).Value?.Count == 1, TimeSpan.FromSeconds(20)), "nothing was swept");
        await sweeper.StopAsync(CancellationToken.None);

        Assert.Equal(["undoable.jpg", "undoable.mp4", "young.jpg", "young.mp4"], Directory.GetFiles(kit.Engine.RecordingDirectory).Select(Path.GetFileName).Order());
        Assert.Equal(["young"], (await kit.Recordings.ListAsync(CancellationToken.None)).Value!.Select(r => r.Id));
        Assert.True((await kit.Recordings.MarkAsync(["undoable"], deleted: false, CancellationToken.None)).Succeeded);
        Assert.Equal(["undoable", "young"], (await kit.Recordings.ListAsync(CancellationToken.None)).Value!.Select(r => r.Id));
        Assert.Equal("recording-not-found", (await kit.Recordings.MarkAsync(["deleted"], deleted: false, CancellationToken.None)).Failures[0].Code);
    }

    [Fact]
    public async Task Erase_OneOfTwoDeleted_TheOtherCanStillBeTakenBack()
    {
        await using var kit = new DatabaseKit(_folder, time: new NoonClock(), recording: new RecordingOptions { Directory = _folder["records"] });
        Directory.CreateDirectory(kit.Engine.RecordingDirectory);
        foreach (var file in (string[])["undoable.mp4", "erased.mp4"]) await File.WriteAllTextAsync(PathOf(kit, file), "x");
        await kit.AddAsync(MadeUp.Recording("undoable", MadeUp.Noon.AddDays(-1), MadeUp.Noon.AddSeconds(-5)), MadeUp.Recording("erased", MadeUp.Noon.AddDays(-1)));

        Assert.Null(await kit.Recordings.EraseAsync("erased", CancellationToken.None));

        Assert.Equal(["undoable.mp4"], Directory.GetFiles(kit.Engine.RecordingDirectory).Select(Path.GetFileName));
        Assert.True((await kit.Recordings.MarkAsync(["undoable"], deleted: false, CancellationToken.None)).Succeeded);
        Assert.Equal(["undoable"], (await kit.Recordings.ListAsync(CancellationToken.None)).Value!.Select(r => r.Id));
    }

    [Fact]
    public async Task Erase_ManyAtOnceWhileSwept_NoneRefuses()
    {
        await using var kit = new DatabaseKit(_folder, time: new NoonClock(), recording: new RecordingOptions { Directory = _folder["records"] });
        string[] all = [.. Enumerable.Range(0, 20).Select(i => $"r{i}")];
        await kit.AddAsync([.. all.Select(id => MadeUp.Recording(id, MadeUp.Noon.AddDays(-1)))]);

        var erased = all.Select(id => Task.Run(() => kit.Recordings.EraseAsync(id, CancellationToken.None)));
        var swept = Enumerable.Range(0, 10).Select(_ => Task.Run(() => kit.Recordings.PurgeAsync(MadeUp.Noon.AddSeconds(1), DateTimeOffset.UnixEpoch, CancellationToken.None)));
        var failures = await Task.WhenAll(erased);
        await Task.WhenAll(swept);

        Assert.All(failures, Assert.Null);
        Assert.Null(kit.Database.Problem);
        Assert.Empty((await kit.Recordings.ListAsync(CancellationToken.None)).Value!);
    }

    [Fact]
    public async Task Erase_NewsOfItStillToBeWritten_DoNotBringItBack()
    {
        await using var kit = new DatabaseKit(_folder, time: new NoonClock(), recording: new RecordingOptions { Directory = _folder["records"] });
        var row = MadeUp.Recording("erased", MadeUp.Noon.AddDays(-1));
        await kit.AddAsync(row);
        kit.Writer.Take(new RecordingChanged(row.ToSnapshot()!));
        Assert.Null(await kit.Recordings.EraseAsync("erased", CancellationToken.None));

        await kit.Writer.StartAsync(default);
        kit.Writer.Take(new CallEnded(MadeUp.Ended()));
        await kit.Writer.StopAsync(default);

        Assert.Single(await kit.RowsAsync());
        Assert.Empty((await kit.Recordings.ListAsync(CancellationToken.None)).Value!);
    }

    private static string PathOf(DatabaseKit kit, string file) => kit.Engine.RecordingPath(file)!;

    private sealed class NoonClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => MadeUp.Noon;
    }
}
