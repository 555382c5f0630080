using System.Collections.Concurrent;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hls;

/// <summary>The HLS presentations of this node: started by the first request, gone when nobody asks any more.</summary>
internal sealed class HlsHost(EngineClock clock, HlsOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<StreamName, HlsStream> _running = new();
    private readonly Lock _starting = new();
    private bool _closed;

    /// <summary>All presentations.</summary>
    public IEnumerable<HlsStream> Running => _running.Values;

    /// <summary>Presentations being made.</summary>
    public int Count => _running.Count;

    /// <summary>The presentation that runs, also one whose stream has just ended; else null.</summary>
    public HlsStream? Find(StreamName name) => _running.GetValueOrDefault(name);

    /// <summary>The presentation of a live stream; starts it where it does not run.</summary>
    public Outcome<HlsStream> Open(LiveStream stream, Failure? noAac)
    {
        lock (_starting)
        {
            if (_running.TryGetValue(stream.Name, out var known) && known.Stream == stream) return known;
            if (_closed) return new Failure("not-running", Blame.Server, "The server is going down") { Retryable = true };
            // A playlist has no place for a note: half a presentation would look like a defect.
            if (stream.AudioFormat is not null && noAac is not null) return noAac;
            var tracks = LiveTracks.Choose(stream, passOpus: false, noAac);
            if (!tracks.Succeeded) return tracks.Failures.ToList();
            var started = new HlsStream(stream, tracks.Value, clock, options);
            _running[stream.Name] = started;
            started.Running.ContinueWith(_ => _running.TryRemove(KeyValuePair.Create(stream.Name, started)), TaskScheduler.Default);
            return started;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_starting) _closed = true;
        foreach (var stream in _running.Values) await stream.DisposeAsync();
    }
}
