using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Telemetry;

namespace SipStreamApp.Hosting;

/// <summary>Console and one file a day in the data folder, JSON by line with the ids of call and stream; levels from the section Serilog.</summary>
internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public static void Configure(LoggerConfiguration logger, IConfiguration configuration, string dataDirectory, Func<MediaEngine?> engine) => logger
        .ReadFrom.Configuration(configuration)
        .Enrich.With(new CallIdEnricher(engine))
        .Filter.ByExcluding(IsToldAtTheConsoleAnyway)
        .WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture)
        .WriteTo.File(
            new RenderedCompactJsonFormatter(), Path.Combine(dataDirectory, "logs", "sipstreamapp-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14,
            fileSizeLimitBytes: 50_000_000, rollOnFileSizeLimit: true);

    // A port that is taken reaches the person once, in plain words, from AppHost; not three times with a stack trace.
    // And who ends the program while it starts knows why the start was given up.
    private static bool IsToldAtTheConsoleAnyway(LogEvent e) => e.Level >= LogEventLevel.Error && e.Exception is not null
        && (StartupProblems.Explain(e.Exception) is not null || (e.Exception is OperationCanceledException && IsOfTheHost(e)));

    private static bool IsOfTheHost(LogEvent e) => e.Properties.TryGetValue("SourceContext", out var source) && source.ToString().Contains("Microsoft.Extensions.Hosting", StringComparison.Ordinal);
}
