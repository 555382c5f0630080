using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Hosting;

/// <summary>Starts the media engine with the program and stops it with it.</summary>
internal sealed partial class EngineService(MediaEngine engine, ILogger<EngineService> logger) : IHostedService
{
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

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(EventIds.EngineStarted, LogLevel.Information, "SIP listens on {Sip}, viewers on UDP port {WebRtc}")]
        public static partial void Started(ILogger logger, string sip, int webRtc);
    }
}
