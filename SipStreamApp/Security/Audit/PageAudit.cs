using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Audit;

/// <summary>
/// Notes what pages change. Requests are noted by the gate; a click on a page is no request, so its traces are taken where they end: the
/// engine's door and the database. Both tell it on the thread of the page's event, where <see cref="Caller.Acting"/> says who clicked.
/// </summary>
internal sealed class PageAudit(MediaEngine engine, AuditLog audit) : IHostedService
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = engine.Observe(fact =>
        {
            if (fact is Commanded done && Caller.Acting is { } caller) audit.Add(caller, "page: " + done.Action, done.Target, done.Succeeded ? 200 : 409);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>The database's half of <see cref="PageAudit"/>: rows of accounts, users, keys, links and recordings that a page changed.</summary>
internal sealed class AuditInterceptor(IServiceProvider services) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (Caller.Acting is { } caller && eventData.Context is { } db && services.GetService<AuditLog>() is { } audit)
        {
            foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
                if (Name(entry.Entity) is var (kind, name)) audit.Add(caller, $"page: {kind} {entry.State.ToString().ToLowerInvariant()}", name, 200);
        }

        return base.SavingChangesAsync(eventData, result, cancellationToken);
    }

    private static (string Kind, string Name)? Name(object entity) => entity switch
    {
        SipAccount account => ("account", account.Name),
        SavedPushTarget target => ("push target", target.Name),
        User user => ("user", user.Name),
        ApiKey key => ("API key", $"{key.Name} ({key.Id})"),
        PlayLink link => ("play link", $"{link.StreamName} ({link.Id})"),
        RecordingRecord recording => ("recording", recording.Id),
        _ => null,
    };
}
