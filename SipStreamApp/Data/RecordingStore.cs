using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Data;

/// <summary>Recordings as people see them: rows of the database, and over them what the engine says of those it works at.</summary>
internal sealed class RecordingStore(Database database, MediaEngine engine, TimeProvider time)
{
    private const int Most = 1000;

    /// <summary>How long a deletion can be undone.</summary>
    public static TimeSpan UndoTime => TimeSpan.FromSeconds(30);

    /// <summary>The newest recordings first; at most a thousand.</summary>
    public Task<Outcome<List<RecordingSnapshot>>> ListAsync(CancellationToken cancel) => database.ReadAsync<List<RecordingSnapshot>>(
        async db =>
        {
            var rows = await db.Recordings.AsNoTracking().OrderByDescending(r => r.StartedAt).Take(Most).ToListAsync(cancel);
            var deleted = rows.Where(r => r.DeletedAt is not null).Select(r => r.Id).ToHashSet();
            var all = rows.Select(r => r.ToSnapshot()).OfType<RecordingSnapshot>().ToDictionary(r => r.Id);
            foreach (var live in engine.Recordings) all[live.Id] = live;
            return all.Values.Where(r => !deleted.Contains(r.Id)).OrderByDescending(r => r.StartedAt).ThenByDescending(r => r.Id).ToList();
        },
        cancel);

    /// <summary>A recording that is not deleted.</summary>
    public Task<Outcome<RecordingSnapshot>> FindAsync(string id, CancellationToken cancel) => database.ReadAsync<RecordingSnapshot>(
        async db =>
        {
            var row = await db.Recordings.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancel);
            if (row?.DeletedAt is not null) return Gone;
            return (engine.FindRecording(id) ?? row?.ToSnapshot()) is { } found ? found : Gone;
        },
        cancel);

    /// <summary>A recording that is not deleted, by the path of its file in the folder of recordings.</summary>
    public Task<Outcome<RecordingSnapshot>> FindFileAsync(string fileName, CancellationToken cancel) => database.ReadAsync<RecordingSnapshot>(
        async db =>
        {
            var row = await db.Recordings.AsNoTracking().Where(r => r.FileName == fileName && r.DeletedAt == null).OrderByDescending(r => r.StartedAt).FirstOrDefaultAsync(cancel);
            return (row?.ToSnapshot() ?? engine.Recordings.LastOrDefault(r => r.FileName == fileName)) is { } found ? found : Gone;
        },
        cancel);

    /// <summary>Marks a recording as deleted; <see cref="MarkAsync"/> takes it back for a while, then its files go.</summary>
    public Task<Outcome<RecordingRecord>> DeleteAsync(string id, CancellationToken cancel) => database.WriteAsync<RecordingRecord>(
        async db =>
        {
            var live = engine.FindRecording(id);
            if (live is { IsOver: false }) return Busy;
            if (await db.Recordings.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, cancel) is not { } row) return Gone;
            row.DeletedAt = time.GetUtcNow();
            // The row may not say yet that it is ready, and under which name: without that its file would stay.
            if (live is not null) row.Update(live);
            var marked = await db.Recordings.Where(r => r.Id == id && r.DeletedAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.DeletedAt, row.DeletedAt).SetProperty(r => r.State, row.State).SetProperty(r => r.FileName, row.FileName).SetProperty(r => r.PosterName, row.PosterName),
                cancel);
            return marked == 0 ? Gone : row;
        },
        cancel);

    /// <summary>The disk of the recordings, and what they take on it; those that can still be taken back count, too.</summary>
    public async Task<Outcome<RecordingDisk>> DiskAsync(CancellationToken cancel)
    {
        var use = await UseAsync(cancel);
        if (!use.Succeeded) return use.Failures.ToList();
        var (folder, options) = (engine.RecordingDirectory, engine.Options.Recording);
        return new RecordingDisk(Disk.FreeBytes(folder), Disk.TotalBytes(folder), (long)options.MinFreeMegabytes << 20, options.RetentionDays, use.Value);
    }

    private Task<Outcome<RecordingUse>> UseAsync(CancellationToken cancel) => database.ReadAsync<RecordingUse>(
        async db =>
        {
            var now = time.GetUtcNow();
            var (day, week) = (now.AddDays(-1), now.AddDays(-7));
            var live = engine.Recordings.Where(r => !r.IsOver).Sum(r => r.Bytes);
            return new RecordingUse(
                await db.Recordings.SumAsync(r => r.Bytes, cancel) + live,
                await db.Recordings.Where(r => r.EndedAt >= day).SumAsync(r => r.Bytes, cancel) + live,
                await db.Recordings.Where(r => r.EndedAt >= week).SumAsync(r => r.Bytes, cancel) + live,
                await db.Recordings.MinAsync(r => (DateTimeOffset?)r.StartedAt, cancel));
        },
        cancel);

    /// <summary>The recordings that ended before <paramref name="endedBefore"/> and can be deleted.</summary>
    public Task<Outcome<OldRecordings>> OlderAsync(DateTimeOffset endedBefore, CancellationToken cancel) => database.ReadAsync<OldRecordings>(
        async db =>
        {
            var rows = await Old(db, endedBefore).AsNoTracking().Select(r => new { r.Id, r.Bytes }).ToListAsync(cancel);
            return new OldRecordings([.. rows.Select(r => r.Id)], rows.Sum(r => r.Bytes));
        },
        cancel);

    /// <summary>Marks those recordings as deleted, or takes that back, which fails where none of them is left; <see cref="PurgeAsync"/> removes their files a while later.</summary>
    public Task<Outcome<OldRecordings>> MarkAsync(IReadOnlyList<string> ids, bool deleted, CancellationToken cancel) => database.WriteAsync<OldRecordings>(
        async db =>
        {
            var marked = new List<RecordingRecord>();
            foreach (var some in ids.Chunk(500))
                marked.AddRange(await db.Recordings.AsNoTracking().Where(r => some.Contains(r.Id) && (deleted ? r.DeletedAt == null : r.DeletedAt != null)).ToListAsync(cancel));
            if (marked.Count == 0 && !deleted) return Gone;
            DateTimeOffset? at = deleted ? time.GetUtcNow() : null;
            foreach (var some in marked.Select(r => r.Id).Chunk(500))
                await db.Recordings.Where(r => some.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.DeletedAt, at), cancel);
            return new OldRecordings([.. marked.Select(r => r.Id)], marked.Sum(r => r.Bytes));
        },
        cancel);

    /// <summary>Removes the files of what was deleted before <paramref name="deletedBefore"/> or ended before <paramref name="endedBefore"/>, and their rows.</summary>
    public async Task<int> PurgeAsync(DateTimeOffset deletedBefore, DateTimeOffset endedBefore, CancellationToken cancel)
    {
        var purged = await PurgeAsync(
            r => r.DeletedAt < deletedBefore || (r.EndedAt < endedBefore && (r.State == RecordingState.Ready || r.State == RecordingState.Failed)), cancel);
        return purged.Succeeded ? purged.Value.Count : 0;
    }

    /// <summary>Deletes this one at once, without a way back; others that were deleted can still be taken back.</summary>
    public async Task<Failure?> EraseAsync(string id, CancellationToken cancel)
    {
        var marked = await DeleteAsync(id, cancel);
        if (!marked.Succeeded) return marked.Failures[0];
        var purged = await PurgeAsync(r => r.Id == id && r.DeletedAt != null, cancel);
        return purged.Succeeded ? null : purged.Failures[0];
    }

    // Rows go by their id, not as they were read: two deletions at a time may meet at the same row.
    private Task<Outcome<List<string>>> PurgeAsync(Expression<Func<RecordingRecord, bool>> which, CancellationToken cancel) => database.WriteAsync<List<string>>(
        async db =>
        {
            var rows = await db.Recordings.AsNoTracking().Where(which).OrderBy(r => r.StartedAt).Take(Most).ToListAsync(cancel);
            List<string> gone = [.. rows.Where(Erase).Select(r => r.Id)];
            foreach (var some in gone.Chunk(500)) await db.Recordings.Where(r => some.Contains(r.Id)).ExecuteDeleteAsync(cancel);
            return gone;
        },
        cancel);

    private static Failure Gone { get; } = new("recording-not-found", Blame.Caller, "There is no such recording");

    private static Failure Busy { get; } = new("recording-busy", Blame.Caller, "The recording is not finished yet", "Stop it first, and wait until it is ready.");

    private static IQueryable<RecordingRecord> Old(AppDb db, DateTimeOffset endedBefore) =>
        db.Recordings.Where(r => r.DeletedAt == null && r.EndedAt < endedBefore && (r.State == RecordingState.Ready || r.State == RecordingState.Failed));

    // A file that cannot be deleted keeps its row: the next sweep tries again.
    private bool Erase(RecordingRecord row)
    {
        try
        {
            foreach (var name in (ReadOnlySpan<string?>)[row.State == RecordingState.Ready ? row.FileName : null, row.PosterName])
                if (name is not null && engine.RecordingPath(name) is { } path && File.Exists(path)) File.Delete(path);

            engine.DiscardRecording(row.Id);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>Recordings that are older than somebody wants to keep.</summary>
/// <param name="Ids">Which.</param>
/// <param name="Bytes">Their size.</param>
internal sealed record OldRecordings(IReadOnlyList<string> Ids, long Bytes);
