using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Levels;

/// <summary>The sound of one named stream, measured while somebody looks. Follows the name: a stream that comes later is found then. Not thread-safe.</summary>
internal sealed class StreamLevel(StreamName name, StreamHub hub) : IDisposable
{
    // Packets come in bursts; only a longer gap is silence (on hold, or a sender that sends nothing while nobody speaks).
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(400);

    private readonly LevelMeter _meter = new();
    private Subscription? _reader;
    private Instant _heardAt = Instant.Never;

    /// <summary>-dBov, 0 to 127; null while the stream has no sound that can be measured.</summary>
    public byte? Level { get; private set; }

    /// <summary>How many look.</summary>
    public int Watchers { get; set; }

    /// <summary>True while its sound is decoded by a child.</summary>
    public bool IsDerived => _reader?.Derived is not null;

    /// <summary>Takes in what came since the last time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="mayDerive">A child may be started for a codec that cannot be measured as it is.</param>
    public void Read(Instant now, bool mayDerive)
    {
        Follow();
        if (_reader is not { } reader) return;
        var codec = reader.Stream.AudioFormat?.Codec;
        var isKnown = codec is { } known && LevelMeter.Knows(known);
        Codec? wanted = codec is null || isKnown || !(IsDerived || mayDerive) ? null : Codec.Pcmu;
        if (reader.Derived != wanted) reader.ListenTo(wanted);
        while (reader.TryRead(out var item))
        {
            if (item.Frame.Format.Kind == MediaKind.Audio) _meter.Add(item.Frame.Format.Codec, item.Frame.Data);
            item.Frame.Release();
        }

        if (_meter.Take() is { } level) (Level, _heardAt) = (level, now);
        else if (!isKnown && wanted is null) Level = null;
        else if (_heardAt != Instant.Never && now - _heardAt > Gap) Level = LevelMeter.Floor;
    }

    public void Dispose() => _reader?.Dispose();

    private void Follow()
    {
        var stream = hub.Find(name);
        if (_reader?.Stream == stream && stream is not { State: StreamState.Ended }) return;
        _reader?.Dispose();
        _reader = stream is null or { State: StreamState.Ended } ? null : stream.Subscribe("level", replay: false, static () => { });
        (Level, _heardAt) = (null, Instant.Never);
    }
}
