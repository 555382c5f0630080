using OpenTelemetry.Metrics;
using SipStreamApp.Telemetry.Checks;

namespace SipStreamApp.Telemetry;

/// <summary>Services and routes of metrics and health.</summary>
internal static class TelemetrySetup
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<EngineMeter>();
        services.AddHostedService(s => s.GetRequiredService<EngineMeter>());
        services.AddChecks();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(EngineMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections")
            .AddPrometheusExporter());
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapPrometheusScrapingEndpoint("/metrics").ExcludeFromDescription();
        routes.MapHealth();
    }
}
