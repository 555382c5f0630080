using SipStreamApp.Hooks;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security.Modes;
using SipStreamApp.Webhook;

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

    /// <summary>Backends of applications.</summary>
    public HookSettings Hooks { get; init; } = new();

    /// <summary>The one target of all events.</summary>
    public WebhookSettings Webhook { get; init; } = new();

    /// <summary>Sections Security and Playback.</summary>
    public SecuritySettings Security { get; init; } = SecuritySettings.Open;

    /// <summary>How long the end may take (Shutdown:TimeoutSeconds).</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Web SDK sessions at once (Signalling:MaxSessions); more are refused with 503.</summary>
    public int MaxClientSessions { get; init; } = 2000;

    /// <summary>How long a Web SDK session lives on without its connection where its client asked for keepAlive (Signalling:KeepAliveSeconds).</summary>
    public TimeSpan KeepClientsFor { get; init; }
}
