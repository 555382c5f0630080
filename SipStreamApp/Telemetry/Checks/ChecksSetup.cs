namespace SipStreamApp.Telemetry.Checks;

/// <summary>The checks, in the order they are shown.</summary>
internal static class ChecksSetup
{
    public static void AddChecks(this IServiceCollection services)
    {
        services.AddSingleton<ClockWatch>();
        services.AddHostedService(s => s.GetRequiredService<ClockWatch>());
        services.AddSingleton<IServerCheck, EngineCheck>();
        services.AddSingleton<IServerCheck, SipPortCheck>();
        services.AddSingleton<IServerCheck, RtpPortsCheck>();
        services.AddSingleton<IServerCheck, AccountsCheck>();
        services.AddSingleton<IServerCheck, DnsCheck>();
        services.AddSingleton<IServerCheck, FfmpegCheck>();
        services.AddSingleton<IServerCheck, DatabaseCheck>();
        services.AddSingleton<IServerCheck, DiskCheck>();
        services.AddSingleton<IServerCheck, RecordingsCheck>();
        services.AddSingleton<IServerCheck, LogFolderCheck>();
        services.AddSingleton<IServerCheck, CertificateCheck>();
        services.AddSingleton<IServerCheck, ClockCheck>();
        services.AddSingleton<IServerCheck, MemoryCheck>();
        services.AddSingleton<IServerCheck, ThreadPoolCheck>();
        services.AddSingleton<HealthRunner>();
    }
}
