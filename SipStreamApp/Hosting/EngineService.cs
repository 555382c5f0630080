using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Hosting;

/// <summary>
/// Starts the media engine with the program, and stops it before everything else: calls hear BYE and viewers are closed while HTTP still
/// answers, so that no open connection of a viewer eats the time for it.
/// </summary>
internal sealed partial class EngineService(MediaEngine engine, ILogger<EngineService> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await engine.StartAsync(cancellationToken) is { } failure)
        {
            var key = failure.Field is { Length: > 0 } field && !failure.ToString().Contains(field, StringComparison.Ordinal)
                ? $" Change it by the key {field}."
                : "";
            throw new StartupProblemException([failure + key]);
        }

        var snapshot = engine.Snapshot();
        Log.Started(logger, snapshot.SipEndPoint, snapshot.WebRtcPort);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        engine.Draining = true;
        var stopping = engine.StopAsync(cancellationToken);
        await Task.WhenAny(stopping, Task.Delay(Timeout.Infinite, cancellationToken));
        if (!stopping.IsCompleted) Log.StoppedInPart(logger);
        else await stopping;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventIds.EngineStarted, LogLevel.Information, "SIP listens on {Sip}, viewers on UDP port {WebRtc}")]
        public static partial void Started(ILogger logger, string sip, int webRtc);

        [LoggerMessage(EventIds.StoppedInPart, LogLevel.Warning, "The time for the end is over (Shutdown:TimeoutSeconds) before all was ended; what is left of recordings is taken up at the next start")]
        public static partial void StoppedInPart(ILogger logger);
    }
}
