using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Audit;

/// <summary>Keeps what changed state, and who did it. Queued: nobody waits for the database; rows it refuses are tried again.</summary>
internal sealed partial class AuditLog(SecurityData data, ILogger<AuditLog> logger) : BackgroundService
{
    private const int Capacity = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly Channel<AuditRow> _rows = Channel.CreateBounded<AuditRow>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>How long rows are kept.</summary>
    public static TimeSpan Kept => TimeSpan.FromDays(365);

    /// <summary>Notes it; where the database has been silent for so long that the queue is full, the log says so in its place.</summary>
    public void Add(Caller caller, string action, string? target, int status)
    {
        var row = AuditRow.Of(caller, data.Now, action, target, status);
        if (!_rows.Writer.TryWrite(row)) Log.NotKept(logger, row.Who, row.Action, row.Target, row.Status);
    }

    /// <summary>The newest rows.</summary>
    public Task<Outcome<AuditPage>> NewestAsync(int most, CancellationToken cancel) => data.ReadAsync<AuditPage>(
        async db => new AuditPage(await db.Audit.AsNoTracking().OrderByDescending(r => r.Id).Take(most).ToListAsync(cancel)), cancel);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _rows.Writer.TryComplete();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AuditRow>();
        var swept = DateTimeOffset.MinValue;
        while (await _rows.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (batch.Count < 200 && _rows.Reader.TryRead(out var row)) batch.Add(row);
            var sweep = data.Now - swept > TimeSpan.FromDays(1);
            while (!await WriteAsync(batch, sweep).ConfigureAwait(false))
            {
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stoppingToken.IsCancellationRequested) return;
            }

            // Not after every batch: a server that is never idle for a day would keep everything.
            if (sweep) swept = data.Now;
            batch.Clear();
        }
    }

    private async Task<bool> WriteAsync(List<AuditRow> batch, bool sweep)
    {
        var old = data.Now - Kept;
        var done = await data.WriteAsync<AuditPage>(
            async db =>
            {
                if (sweep) await db.Audit.Where(r => r.At < old).ExecuteDeleteAsync().ConfigureAwait(false);
                foreach (var row in batch) row.Id = 0;
                db.Audit.AddRange(batch);
                await db.SaveChangesAsync().ConfigureAwait(false);
                return new AuditPage(batch);
            },
            CancellationToken.None).ConfigureAwait(false);
        return done.Succeeded;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AuditNotKept, LogLevel.Error, "Not in the audit table: {Who} did {Action} {Target}, status {Status}")]
        public static partial void NotKept(ILogger logger, string who, string action, string? target, int status);
    }
}
