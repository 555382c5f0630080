using System.Globalization;
using Serilog;
using Serilog.Events;

namespace SipStreamApp.Hosting;

/// <summary>Console and one file a day in the data folder; levels from the section Serilog.</summary>
internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public static void Configure(LoggerConfiguration logger, IConfiguration configuration, string dataDirectory) => logger
        .ReadFrom.Configuration(configuration)
        .Filter.ByExcluding(IsToldAtTheConsoleAnyway)
        .WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture)
        .WriteTo.File(
            Path.Combine(dataDirectory, "logs", "sipstreamapp-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14,
            fileSizeLimitBytes: 50_000_000, rollOnFileSizeLimit: true, outputTemplate: "{Timestamp:o} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}",
            formatProvider: CultureInfo.InvariantCulture);

    // A port that is taken reaches the person once, in plain words, from AppHost; not three times with a stack trace.
    private static bool IsToldAtTheConsoleAnyway(LogEvent e) => e.Exception is not null && StartupProblems.Explain(e.Exception) is not null
        && e.Level >= LogEventLevel.Error;
}
