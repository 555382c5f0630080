using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>Writes parts of call traces into their tables, many in one transaction.</summary>
internal sealed class TraceTable(IDbContextFactory<AppDb> contexts, Database database, TimeProvider time)
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>Writes a batch, again and again until the database takes it. Returns the parts whose call is not in the history (yet).</summary>
    public async Task<List<TraceChunk>> WriteUntilItWorksAsync(List<TraceChunk> batch, CancellationToken stop)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await WriteAsync(batch, stop).ConfigureAwait(false);
            }
            catch (Exception e) when (DatabaseFaults.IsFault(e, stop))
            {
                database.Bad(e);
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }

    private async Task<List<TraceChunk>> WriteAsync(List<TraceChunk> batch, CancellationToken stop)
    {
        if (batch.Count == 0) return [];
        await database.EnsureReadyAsync(stop).ConfigureAwait(false);
        await using var db = await contexts.CreateDbContextAsync(stop).ConfigureAwait(false);
        var ids = batch.Select(c => c.Traced.Call.Id.Value).Distinct().ToList();
        var rows = (await db.Calls.AsNoTracking().Where(c => ids.Contains(c.CallId)).Select(c => new { c.Id, c.CallId, c.StartedAt }).ToListAsync(stop).ConfigureAwait(false))
            .ToDictionary(c => (c.CallId, c.StartedAt), c => c.Id);
        using var turn = await database.TakeTurnAsync(stop).ConfigureAwait(false);
        await using var transaction = await db.Database.BeginTransactionAsync(stop).ConfigureAwait(false);
        var orphans = new List<TraceChunk>();
        foreach (var chunk in batch)
        {
            if (rows.TryGetValue(chunk.Key, out var row)) await WriteAsync(db, row, chunk, stop).ConfigureAwait(false);
            else orphans.Add(chunk);
        }

        await transaction.CommitAsync(stop).ConfigureAwait(false);
        database.Good();
        return orphans;
    }

    private static async Task WriteAsync(AppDb db, long call, TraceChunk chunk, CancellationToken stop)
    {
        foreach (var m in chunk.Part.Messages)
        {
            var (at, text) = ((long)m.At.TotalMicroseconds, m.RepeatOf is null ? m.Text : "");
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "CallMessages" ("CallRecordId", "Number", "AtMicroseconds", "Sent", "Local", "Peer", "Transport", "RepeatOf", "Text")
                VALUES ({call}, {m.Number}, {at}, {m.Sent}, {m.Local}, {m.Peer}, {m.Transport}, {m.RepeatOf}, {text}) ON CONFLICT DO NOTHING
                """, stop).ConfigureAwait(false);
        }

        foreach (var m in chunk.Part.Marks)
        {
            var (at, kind, level) = ((long)m.At.TotalMilliseconds, (int)m.Kind, (int)m.Level);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "CallMarks" ("CallRecordId", "Number", "AtMilliseconds", "Kind", "Level", "Word", "Text", "Key", "Ends")
                VALUES ({call}, {m.Number}, {at}, {kind}, {level}, {m.Word}, {m.Text}, {m.Key}, {m.Ends}) ON CONFLICT DO NOTHING
                """, stop).ConfigureAwait(false);
        }

        foreach (var medium in Enum.GetValues<QualityMedium>())
            foreach (var minute in chunk.Part.Of(medium).GroupBy(b => b.Second / 60))
                await WriteMinuteAsync(db, call, medium, minute.Key, [.. minute], stop).ConfigureAwait(false);

        if (!chunk.TellsOfCall) return;
        var request = JsonSerializer.Serialize(StoredRequest.From(chunk.Traced), StoredRequestJson.Default.StoredRequest);
        await db.Calls.Where(c => c.Id == call).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Request, request).SetProperty(c => c.MessagesCut, chunk.Part.MessagesCut).SetProperty(c => c.MarksCut, chunk.Part.MarksCut), stop).ConfigureAwait(false);
    }

    internal static Task<int> WriteMinuteAsync(AppDb db, long call, QualityMedium medium, int minute, QualityBucket[] buckets, CancellationToken stop)
    {
        var (kind, step, data) = ((int)medium, buckets[0].Step, QualityBlob.Pack(buckets));
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "QualityBuckets" ("CallRecordId", "Medium", "Minute", "Step", "Data") VALUES ({call}, {kind}, {minute}, {step}, {data})
            ON CONFLICT ("CallRecordId", "Medium", "Minute") DO UPDATE SET "Step" = excluded."Step", "Data" = excluded."Data"
            """, stop);
    }
}
