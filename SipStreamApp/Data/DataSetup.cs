using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SipStreamApp.Hosting;
using SipStreamApp.Security;
using SipStreamApp.Security.Audit;

namespace SipStreamApp.Data;

/// <summary>Services of the database.</summary>
internal static class DataSetup
{
    public static void AddAppData(this IServiceCollection services, AppSettings settings)
    {
        services.AddDataProtection().SetApplicationName("SipStreamApp")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.DataDirectory, "keys")));

        // A locked database is waited for a moment only: pages and the writer say so and try again.
        var connection = new SqliteConnectionStringBuilder(settings.Connection) { DefaultTimeout = 3 }.ToString();
        services.AddDbContextFactory<AppDb>((provider, options) => options.UseSqlite(connection).AddInterceptors(new AuditInterceptor(provider)).ConfigureWarnings(warnings => warnings.Log(
            (RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (CoreEventId.QueryIterationFailed, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug))));
        services.TryAddSingleton(settings);
        services.AddSingleton<Database>();
        services.AddSecurityStores(settings);
        services.AddSingleton<AccountStore>();
        services.AddSingleton<PushTargetStore>();
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<RecordingStore>();
        services.AddHostedService<DatabaseStarter>();
        services.AddSingleton<HistoryWriter>();
        services.AddHostedService(s => s.GetRequiredService<HistoryWriter>());
        services.AddSingleton<EngineTraces>();
        services.AddSingleton<StoredTraces>();
        services.AddSingleton<CallTraces>();
        services.AddSingleton<TraceTable>();
        services.AddSingleton<TraceWriter>();
        services.AddHostedService(s => s.GetRequiredService<TraceWriter>());
        services.AddHostedService<RecordingSweeper>();
        services.AddSingleton<HistorySweeper>();
        services.AddHostedService(s => s.GetRequiredService<HistorySweeper>());
    }
}
