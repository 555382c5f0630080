using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SipStreamApp.Hosting;
using SipStreamApp.Telemetry.Checks;

namespace SipStreamApp.Telemetry;

/// <summary>Services and routes of metrics and health.</summary>
internal static class TelemetrySetup
{
    public static void AddTelemetry(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<EngineMeter>();
        services.AddHostedService(s => s.GetRequiredService<EngineMeter>());
        services.AddChecks();
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(EngineMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections")
            .AddPrometheusExporter());
        if (!settings.Telemetry.Traces) return;
        services.AddHostedService<CallTracer>();
        telemetry.WithTracing(traces => traces
            .ConfigureResource(about => about.AddService("SipStreamApp", serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3)))
            .AddSource(Tracing.Name, Tracing.Requests)
            .AddOtlpExporter(otlp =>
            {
                // Else the variables OTEL_EXPORTER_OTLP_… say it all.
                if (settings.Telemetry.OtlpEndpoint is { } endpoint) (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, endpoint);
            }));
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapPrometheusScrapingEndpoint("/metrics").ExcludeFromDescription();
        routes.MapHealth();
    }
}
