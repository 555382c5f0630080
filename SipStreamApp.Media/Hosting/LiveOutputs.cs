using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Stills;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.Transcoding;

namespace SipStreamApp.Media.Hosting;

/// <summary>Wires what plays over HTTP: the derived AAC track, HLS and still pictures.</summary>
internal sealed class LiveOutputs : IAsyncDisposable
{
    private readonly AudioTranscoder _aac;
    private int _disposed;

    public LiveOutputs(StreamHub hub, EngineClock clock, string ffmpeg, ILoggerFactory loggers)
    {
        var program = ProgramFinder.Find(ffmpeg);
        _aac = new AudioTranscoder(hub, clock, program, new DerivedOptions(), loggers.CreateLogger<AudioTranscoder>());
        Hls = new HlsHost(clock, new HlsOptions());
        Stills = new StillMaker(clock, program);
    }

    /// <summary>Why there can be no AAC, or null.</summary>
    public Failure? NoAac => _aac.Unable;

    /// <summary>Derived tracks being made.</summary>
    public int AacTracks => _aac.Count;

    public HlsHost Hls { get; }

    public StillMaker Stills { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Hls.DisposeAsync();
        await _aac.DisposeAsync();
        Stills.Dispose();
    }
}
