using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>The write side of a named stream: the input that reserved the name holds it, and nobody else can publish there.</summary>
internal sealed class StreamPublisher
{
    private readonly StreamHub _hub;

    internal StreamPublisher(StreamHub hub, LiveStream stream) => (_hub, Stream) = (hub, stream);

    /// <summary>The stream that is fed.</summary>
    public LiveStream Stream { get; }

    /// <summary>Where requests for a keyframe go; called on any thread, must only set a signal.</summary>
    public Action? KeyframeWanted
    {
        set => Stream.SetKeyframeHandler(value);
    }

    /// <summary>Tells which tracks there will be, from the negotiation; makes the stream live. May be repeated after a re-negotiation.</summary>
    public void Announce(TrackFormat? audio, TrackFormat? video)
    {
        if (Stream.Announce(audio, video)) _hub.Changed?.Invoke(Stream);
    }

    /// <summary>Hands a completed frame to all readers. The caller keeps its own lease and releases it. One thread only.</summary>
    public void Publish(MediaFrame frame) => Stream.Publish(frame);

    /// <summary>Ends the stream, tells its readers why and frees the name. Further calls do nothing.</summary>
    public void End(StreamEndReason reason)
    {
        var ended = Stream.End(reason);
        _hub.Remove(Stream);
        if (ended) _hub.Changed?.Invoke(Stream);
    }
}
