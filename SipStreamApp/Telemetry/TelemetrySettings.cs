using SipStreamApp.Hosting;

namespace SipStreamApp.Telemetry;

/// <summary>Settings of traces (section Telemetry).</summary>
internal sealed record TelemetrySettings
{
    /// <summary>The collector, OTLP over HTTP; null: none, or the one OTEL_EXPORTER_OTLP_ENDPOINT names.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>True where traces are sent.</summary>
    public bool Traces { get; init; }

    public static TelemetrySettings Read(SettingsReader read)
    {
        var text = read.Text("Telemetry:OtlpEndpoint", "");
        Uri? url = null;

        // Not repeated: it may hold a token.
        if (text.Length > 0 && (!Uri.TryCreate(text.TrimEnd('/') + "/v1/traces", UriKind.Absolute, out url) || url.Scheme is not ("http" or "https")))
            read.Problems.Add("Telemetry:OtlpEndpoint must be an http or https address such as http://127.0.0.1:4318, or empty.");
        return new TelemetrySettings { OtlpEndpoint = url, Traces = url is not null || read.IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || read.IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") };
    }
}
