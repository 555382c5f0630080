using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Mse;

/// <summary>
/// One player that is fed over a WebSocket. Messages are made when they are read, so a socket that does not take them leaves the frames
/// in the hub's ring, which lets old ones go and continues at a keyframe.
/// </summary>
public sealed class MseSession : IDisposable
{
    private static readonly TimeSpan ClockEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly EngineClock _clock;
    private readonly WakeSignal _signal = new();
    private readonly Queue<MseMessage> _messages = new();
    private readonly Subscription _reader;
    private readonly LivePackager _packager;
    private readonly string _note;
    private Instant _nextClock;
    private (TimeSpan Time, Instant At)? _newest;
    private readonly MseAudience? _audience;
    private volatile Failure? _removed;
    private bool _ended;

    internal MseSession(LiveStream stream, LiveTracks tracks, EngineClock clock, HttpPlayer? player = null, MseAudience? audience = null)
    {
        (_clock, _note, _audience) = (clock, tracks.Note, audience);
        (Stream, Viewer) = (stream.Name, new HttpViewer(HttpViewer.NewId("MSE"), "MSE", player ?? new HttpPlayer("", ""), clock.UtcNow));
        _packager = new LivePackager(FragmentOptions.EachSample, tracks.Audio, tracks.Video, Patience, stream.RequestKeyframe);
        _reader = stream.Subscribe("mse", replay: true, _signal.Set, tracks.UsesAac);
        if (tracks.Video is not null) stream.RequestKeyframe();
        audience?.Add(this);
    }

    /// <summary>The stream that is played.</summary>
    public StreamName Stream { get; }

    /// <summary>Who plays it.</summary>
    public HttpViewer Viewer { get; }

    /// <summary>Why it was sent away; null for one that was not.</summary>
    public Failure? Removed => _removed;

    /// <summary>Frames this player lost by being too slow.</summary>
    public long Dropped => _reader.Dropped;

    /// <summary>The next message; null after the last one. One caller at a time.</summary>
    public async ValueTask<MseMessage?> ReadAsync(CancellationToken cancel)
    {
        for (;;)
        {
            if (_removed is null && _messages.TryDequeue(out var message)) return message;
            if (_ended) return null;
            if (_removed is { } away)
            {
                _ended = true;
                return MseMessage.Error(away);
            }

            // Looked at before the ring: a reason that is there now has every frame before it in the ring.
            var reason = _reader.EndReason;
            if (_reader.TryRead(out var item)) Take(item);
            else if (reason is { } why) End(why);
            else await _signal.WaitAsync(ClockEvery, cancel);
            AddClock();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _audience?.Forget(this);
        _reader.Dispose();
    }

    /// <summary>Ends it from another thread: the next message is the reason, and the last.</summary>
    internal void Remove(Failure why)
    {
        _removed = why;
        _signal.Set();
    }

    private void Take(in StreamItem item)
    {
        var frame = item.Frame;
        // After a re-negotiation from Opus to a telephone codec the player needs the derived track.
        if (frame.Format.Kind == MediaKind.Audio && !Mp4Codecs.PlaysInBrowsers(frame.Format.Codec)) _reader.ListenTo(aac: true);
        _packager.Push(item);
        if (!item.Replayed && (_newest is not { } newest || frame.StreamTime > newest.Time)) _newest = (frame.StreamTime, frame.ArrivedAt);
        frame.Release();
        Collect();
    }

    private void Collect()
    {
        while (_packager.TryTake(out var piece))
        {
            if (piece.Tracks is { } tracks) _messages.Enqueue(MseMessage.Init(tracks, _note));
            _messages.Enqueue(new MseMessage(false, piece.Data));
        }
    }

    private void AddClock()
    {
        var now = _clock.Now;
        if (now < _nextClock || _newest is not { } newest || _packager.Origin is not { } origin) return;
        _nextClock = now + ClockEvery;
        // Where the newest frame would be by now: a stream that stands still does not pull the player along.
        var late = now - newest.At;
        _messages.Enqueue(MseMessage.Clock(newest.Time - origin + (late < ClockEvery ? late : ClockEvery), _clock.UtcNow));
    }

    private void End(StreamEndReason reason)
    {
        _packager.Finish();
        Collect();
        _messages.Enqueue(MseMessage.End(reason.ToString()));
        _ended = true;
    }
}
