using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>Traces of calls of the history.</summary>
internal sealed class StoredTraces(Database database)
{
    /// <summary>The newest call of that id with its whole trace. Failure codes: "call-not-found", "database".</summary>
    public Task<Outcome<CallTraceView>> FindAsync(string callId, CancellationToken cancel) => database.ReadAsync<CallTraceView>(
        async db =>
        {
            if (await db.Calls.AsNoTracking().Where(c => c.CallId == callId).OrderByDescending(c => c.StartedAt).FirstOrDefaultAsync(cancel) is not { } row) return NotFound(callId);
            var messages = await db.CallMessages.AsNoTracking().Where(m => m.CallRecordId == row.Id).OrderBy(m => m.Number).ToListAsync(cancel);
            var marks = await db.CallMarks.AsNoTracking().Where(m => m.CallRecordId == row.Id).OrderBy(m => m.Number).ToListAsync(cancel);
            var quality = await db.Quality.AsNoTracking().Where(q => q.CallRecordId == row.Id).OrderBy(q => q.Minute).ToListAsync(cancel);
            var part = Part(row, messages, marks, quality);
            return new CallTraceView(CallFacts.From(row, LastHeard(part)), part, IsLive: false);
        },
        cancel);

    private static Failure NotFound(string callId) =>
        new("call-not-found", Blame.Caller, $"There is no call \"{callId}\"", "It may be older than History:RetentionDays and deleted, or never was.");

    private static TracePart Part(CallRecord row, List<CallMessageRecord> messages, List<CallMarkRecord> marks, List<QualityRecord> quality)
    {
        var texts = messages.ToDictionary(m => m.Number, m => m.Text);
        return new TracePart
        {
            Messages =
            [
                .. messages.Select(m => new SipTraceMessage(
                    m.Number, TimeSpan.FromMicroseconds(m.AtMicroseconds), m.Sent, m.Local, m.Peer, m.Transport, m.RepeatOf,
                    m.RepeatOf is { } first ? texts.GetValueOrDefault(first, "") : m.Text)),
            ],
            MessagesCut = row.MessagesCut,
            Marks = [.. marks.Select(m => new CallMark(m.Number, TimeSpan.FromMilliseconds(m.AtMilliseconds), m.Kind, m.Level, m.Word, m.Text, m.Key, m.Ends))],
            MarksCut = row.MarksCut,
            Audio = Of(QualityMedium.Audio), Video = Of(QualityMedium.Video), Stream = Of(QualityMedium.Stream), Next = default,
        };

        IReadOnlyList<QualityBucket> Of(QualityMedium medium) => [.. quality.Where(q => q.Medium == medium).SelectMany(q => QualityBlob.Unpack(q.Data))];
    }

    private static TimeSpan LastHeard(TracePart part)
    {
        var last = new[] { part.Audio, part.Video, part.Stream }.Max(b => b.Count == 0 ? 0 : b[^1].Second + b[^1].Step);
        var mark = part.Marks.Count == 0 ? TimeSpan.Zero : part.Marks[^1].At;
        return TimeSpan.FromSeconds(last) > mark ? TimeSpan.FromSeconds(last) : mark;
    }
}
