using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Data;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Recording;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

/// <summary>The services of the database over one folder; a second one over the same folder is the program after a restart.</summary>
internal sealed class DatabaseKit : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DatabaseKit(TempFolder folder, string? connection = null, TimeProvider? time = null, RecordingOptions? recording = null)
    {
        Assert.True(OriginRule.TryParse([], out var origins, out _));
        var engine = new EngineOptions { DataDirectory = folder.Path, Recording = recording ?? new RecordingOptions() };
        Engine = new MediaEngine(engine, TimeProvider.System, NullLoggerFactory.Instance);
        var services = new ServiceCollection().AddLogging(l => l.ClearProviders()).AddSingleton(time ?? TimeProvider.System).AddSingleton(Engine);
        Settings = new AppSettings(engine, folder.Path, connection ?? $"Data Source={folder["sipstreamapp.db"]}", origins);
        services.AddAppData(Settings);
        _services = services.BuildServiceProvider();
    }

    public MediaEngine Engine { get; }

    public AppSettings Settings { get; }

    public RecordingStore Recordings => _services.GetRequiredService<RecordingStore>();

    public Database Database => _services.GetRequiredService<Database>();

    public IDbContextFactory<AppDb> Contexts => _services.GetRequiredService<IDbContextFactory<AppDb>>();

    public AccountStore Accounts => _services.GetRequiredService<AccountStore>();

    public PushTargetStore PushTargets => _services.GetRequiredService<PushTargetStore>();

    public HistoryReader History => _services.GetRequiredService<HistoryReader>();

    public HistoryWriter Writer => _services.GetRequiredService<HistoryWriter>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task AddAsync(params RecordingRecord[] rows)
    {
        await Database.EnsureReadyAsync(CancellationToken.None);
        await using var db = await _services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        db.Recordings.AddRange(rows);
        await db.SaveChangesAsync();
    }

    public async Task<List<CallRecord>> RowsAsync()
    {
        await using var db = await Contexts.CreateDbContextAsync();
        return await db.Calls.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }
}
