using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>The named streams of this node. Inputs reserve a name and publish, outputs look a name up and subscribe; they know only the hub.</summary>
internal sealed class StreamHub(EngineClock clock, StreamHubOptions options)
{
    private readonly ConcurrentDictionary<StreamName, LiveStream> _streams = new();

    /// <summary>Buffers for frames; shared by all inputs and transcoders.</summary>
    public MediaFramePool Frames { get; } = new();

    /// <summary>
    /// Called when a reader asks for the sound of a stream as a derived track of some codec; again for each reader. Set once, by the
    /// transcoder, which looks itself when nobody wants the track any more (<see cref="LiveStream.IsWanted"/>). Any thread; must return at once.
    /// </summary>
    public Action<LiveStream, Codec>? DerivedWanted { get; set; }

    /// <summary>Why no derived track can be made, or null; set once, by the transcoder.</summary>
    public Failure? NoDerived { get; set; }

    /// <summary>
    /// Called when a stream became live and when it ended, on the publisher's thread. Set once, by the engine; must return at once.
    /// </summary>
    public Action<LiveStream>? Changed { get; set; }

    /// <summary>All streams that are reserved or live.</summary>
    public IEnumerable<LiveStream> Streams => _streams.Values;

    /// <summary>Takes a name. False where it is already taken.</summary>
    public bool TryReserve(StreamName name, CallId? callId, [NotNullWhen(true)] out StreamPublisher? publisher)
    {
        var stream = new LiveStream(name, callId, clock, options, (s, codec) => DerivedWanted?.Invoke(s, codec));
        publisher = _streams.TryAdd(name, stream) ? new StreamPublisher(this, stream) : null;
        return publisher is not null;
    }

    /// <summary>The stream of that name, or null.</summary>
    public LiveStream? Find(StreamName name) => _streams.GetValueOrDefault(name);

    internal void Remove(LiveStream stream) => _streams.TryRemove(KeyValuePair.Create(stream.Name, stream));
}
