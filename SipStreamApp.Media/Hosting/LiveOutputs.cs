using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Levels;
using SipStreamApp.Media.Mse;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Stills;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.Transcoding;

namespace SipStreamApp.Media.Hosting;

/// <summary>Wires what plays over HTTP: the derived AAC track, HLS, still pictures and levels of sound.</summary>
internal sealed class LiveOutputs : IAsyncDisposable
{
    private readonly AudioTranscoder _aac;
    private int _disposed;

    public LiveOutputs(StreamHub hub, EngineClock clock, TimeProvider time, string ffmpeg, ILoggerFactory loggers)
    {
        var program = Program = ProgramFinder.Find(ffmpeg);
        _aac = new AudioTranscoder(hub, clock, program, new DerivedOptions(), loggers.CreateLogger<AudioTranscoder>());
        Mse = new MseAudience(clock);
        Hls = new HlsHost(clock, new HlsOptions());
        Stills = new StillMaker(clock, program);
        Levels = new LevelBoard(hub, clock, time, loggers.CreateLogger<LevelBoard>());
    }

    /// <summary>The path of ffmpeg; null where there is none.</summary>
    public string? Program { get; }

    /// <summary>Why there can be no AAC, or null.</summary>
    public Failure? NoAac => _aac.Unable;

    /// <summary>Derived tracks being made.</summary>
    public int AacTracks => _aac.Count;

    /// <summary>Who plays by MSE.</summary>
    public MseAudience Mse { get; }

    public HlsHost Hls { get; }

    public StillMaker Stills { get; }

    public LevelBoard Levels { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Hls.DisposeAsync();
        await _aac.DisposeAsync();
        Stills.Dispose();
        Levels.Dispose();
    }
}
