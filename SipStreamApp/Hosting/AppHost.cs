using Serilog;
using SipStreamApp.Answering;
using SipStreamApp.Api;
using SipStreamApp.Components;
using SipStreamApp.Data;
using SipStreamApp.Hooks;
using SipStreamApp.Hosting.Effective;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security;
using SipStreamApp.Security.SignIn;
using SipStreamApp.Signalling;
using SipStreamApp.Telemetry;
using SipStreamApp.Wcs;
using SipStreamApp.Webhook;

namespace SipStreamApp.Hosting;

/// <summary>Builds the whole program: what Program.cs runs and what tests host in their own process.</summary>
public static class AppHost
{
    /// <summary>Builds the application; nothing is bound before it is started.</summary>
    /// <param name="args">Command line, such as <c>--Urls http://127.0.0.1:0 --Data:Directory /tmp/x --Sip:Port 0 --WebRtc:Port 0</c>.</param>
    /// <exception cref="StartupProblemException">Settings are wrong; it lists all of them.</exception>
    public static WebApplication Build(params string[] args) => Build(args, null);

    /// <summary>The same, with a last word on the services.</summary>
    internal static WebApplication Build(string[] args, Action<IServiceCollection>? services)
    {
        // Settings and static files lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(AppHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();

        // Beside a build's own manifest the framework looks for edited files and serves what it packs on the fly without compression: MudBlazor.min.css in 627 instead of 67 kB,
        // the frame of /embed in 45 instead of 19 kB. Only who edits them wants that.
        if (!builder.Environment.IsDevelopment()) builder.WebHost.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // A request whose head comes drop by drop holds a connection no longer than that. Bodies: 240 bytes a second, as Kestrel has it.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        var migration = builder.Configuration.AddWcsProperties(AppContext.BaseDirectory);
        var settings = LoadSettings(builder.Configuration, migration);

        WebApplication? built = null;
        builder.Services.AddSerilog((_, logger) => Logging.Configure(logger, builder.Configuration, settings.DataDirectory, () => built?.Services.GetService<MediaEngine>()), preserveStaticLogger: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.ShutdownTimeout);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(migration);
        builder.Services.AddSingleton(EffectiveSettings.Read(builder.Configuration, migration));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(s => new MediaEngine(settings.Engine, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));

        // Started in this order and stopped in the reverse: history still writes what the stopping engine reports.
        builder.Services.AddAppData(settings);
        builder.Services.AddHooks();
        builder.Services.AddWebhook();
        builder.Services.AddSecurity(settings);
        builder.Services.AddHostedService<EngineService>();
        builder.Services.AddAnswering();
        builder.Services.AddTelemetry(settings);
        builder.Services.AddLiveView();
        builder.Services.AddApi(settings);
        builder.Services.AddSignalling();
        builder.Services.AddPages();
        services?.Invoke(builder.Services);

        var app = built = builder.Build();
        migration.Write(app.Services.GetRequiredService<ILogger<MigrationReport>>());
        app.UseTracing();
        app.UsePageLanguage();
        app.UseSecurity();
        app.UseSignalling();
        app.UsePages();
        app.UseApi();
        app.MapSecurity();
        app.MapTelemetry();
        app.MapApi();
        app.MapPages();
        return app;
    }

    private static AppSettings LoadSettings(IConfiguration configuration, MigrationReport migration)
    {
        try
        {
            return SettingsLoader.Load(configuration, Directory.GetCurrentDirectory());
        }
        catch (StartupProblemException e)
        {
            throw new StartupProblemException(migration.Explain(e.Problems));
        }
    }

    /// <summary>Runs until stopped. Returns the exit code; problems a person can mend are printed in plain words.</summary>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, null);

    /// <summary>The same, with a last word on the services.</summary>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection>? services)
    {
        try
        {
            await using var app = Build(args, services);
            try
            {
                await app.StartAsync();
            }
            catch (Exception e)
            {
                var isToldToEnd = e is OperationCanceledException && app.Lifetime.ApplicationStopping.IsCancellationRequested;

                // What runs already still writes: it ends before the database goes. One start in 25 told of a disposed object beside its reason.
                await app.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (isToldToEnd) return 0;
                throw;
            }

            var url = app.Urls.FirstOrDefault();
            if (SecurityStarter.Instructions(app.Services.GetRequiredService<SetupToken>(), url ?? "http://localhost") is { } instructions) await Console.Out.WriteLineAsync(instructions);
            else if (url is not null) await Console.Out.WriteLineAsync($"Open {url} in a browser. Ctrl-C ends the program.");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (StartupProblems.Explain(e) is { } problems)
        {
            await Console.Error.WriteLineAsync("SipStreamApp cannot start:");
            foreach (var problem in problems) await Console.Error.WriteLineAsync("  - " + problem);
            return 1;
        }
    }
}
