using Microsoft.EntityFrameworkCore;
using SipStreamApp.Components.Shared;
using SipStreamApp.Security;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The database takes a write.</summary>
internal sealed class DatabaseCheck(SecurityData data, TimeProvider time) : IServerCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    public string Id => "database";

    public string Title => "Database";

    public bool ForReady => true;

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var written = await data.WriteAsync<string>(
            async db =>
            {
                // A write that changes nothing takes the write lock all the same: a read-only or full disk says no.
                await db.Database.ExecuteSqlRawAsync("UPDATE Users SET Failures = Failures WHERE Id = -1", cancel);
                return "";
            },
            cancel);
        var took = time.GetElapsedTime(start);
        if (!written.Succeeded) return CheckResult.Failed("no write", written.Failures[0].Title, "Calls work; accounts and history are not kept until the disk of the data folder takes writes again.");
        var figure = $"write in {Say.Milliseconds(took)}";
        return took > Slow ? CheckResult.Warning(figure, "Writing takes long: the disk is slow or busy.", "Put Data:Directory on a local disk.") : CheckResult.Good(figure);
    }
}
