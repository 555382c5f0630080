namespace SipStreamApp.Data;

/// <summary>Prepares the database before the first call. A failure is shown, not fatal.</summary>
internal sealed class DatabaseStarter(Database database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.EnsureReadyAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancellationToken))
        {
            database.Bad(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
