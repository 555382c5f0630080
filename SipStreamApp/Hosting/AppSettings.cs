using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Hosting;

/// <summary>The checked settings of the whole program.</summary>
/// <param name="Engine">Settings handed to the media engine.</param>
/// <param name="DataDirectory">Absolute folder of database, keys and logs.</param>
/// <param name="Connection">SQLite connection string.</param>
/// <param name="CorsOrigins">Which pages may use the API from a browser.</param>
internal sealed record AppSettings(EngineOptions Engine, string DataDirectory, string Connection, OriginRule CorsOrigins)
{
    /// <summary>Days a call stays in the history, with its trace; 0 for ever.</summary>
    public int HistoryDays { get; init; } = 30;
}
