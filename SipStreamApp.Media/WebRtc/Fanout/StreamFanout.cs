using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>
/// One watched stream: reads it once, cuts each frame into packets once, and sends them to all viewers with nothing but a header and a
/// cipher in between. Lives on the loop's thread; per packet there is no lock and no allocation.
/// </summary>
/// <remarks><c>onEnded</c> is called once, after the last packet was sent.</remarks>
internal sealed partial class StreamFanout : IDisposable
{
    private readonly UdpPort _port;
    private readonly EngineClock _clock;
    private readonly FanoutOptions _options;
    private readonly Action<StreamEndReason> _onEnded;
    private readonly LoopSignal _signal;
    private readonly LoopTimer _stepTimer;
    private readonly LoopTimer _reportTimer;
    private readonly Subscription _subscription;
    private readonly FanoutTrack _audio;
    private readonly FanoutTrack _video;
    private readonly List<IFanoutViewer> _viewers = [];
    private NtpTime? _epoch;
    private bool _ended;

    public StreamFanout(LiveStream stream, UdpPort port, EngineClock clock, FanoutOptions options, Action<StreamEndReason> onEnded)
    {
        (Stream, _port, _clock, _options, _onEnded) = (stream, port, clock, options, onEnded);
        _audio = new FanoutTrack(MediaKind.Audio, options.Audio);
        _video = new FanoutTrack(MediaKind.Video, options.Video);
        _signal = port.Loop.CreateSignal(() => OnFrames(port.Loop.Now));
        _stepTimer = port.Loop.CreateTimer(OnStep);
        _reportTimer = port.Loop.CreateTimer(OnReports);
        _subscription = stream.Subscribe("webrtc", replay: true, _signal.Set);
    }

    public LiveStream Stream { get; }

    public int Viewers => _viewers.Count;

    /// <summary>Packets that could not be sent to a viewer because it did not negotiate their codec.</summary>
    public long Unsendable { get; private set; }

    /// <summary>Starts sending to a viewer: sound from now on, picture from the last keyframe.</summary>
    public void Join(IFanoutViewer viewer, Instant now)
    {
        OnFrames(now);
        if (_ended) return;
        _viewers.Add(viewer);
        if (viewer.Audio is { } audio)
        {
            audio.Start(_audio.Store.Next, 0, 0);
            audio.NextReportAt = now + _options.FirstReport;
        }

        if (viewer.Video is { } video)
        {
            video.NextReportAt = now + _options.FirstReport;
            if (!TryStartFromPast(video) || now - _video.GopStartedAt > _options.FreshKeyframe) Stream.RequestKeyframe();
        }

        Pump(viewer, now);
        ScheduleReports(now);
    }

    public void Leave(IFanoutViewer viewer) => _viewers.Remove(viewer);

    /// <summary>Sends a packet again, if it is still there. Returns the bytes sent, 0 where it is gone or never was for this viewer.</summary>
    public int Resend(IFanoutViewer viewer, ViewerTrack track, ushort sequence)
    {
        var store = TrackOf(track).Store;
        var index = track.Started ? track.IndexOf(sequence) : -1;
        if (index < track.FirstIndex || !store.Contains(index)) return 0;
        ref readonly var packet = ref store[index];
        if (packet.Codec != track.Codec) return 0;
        var slot = _port.BeginSend(viewer.Remote);
        var payload = store.Payload(packet);
        var length = track.Rtx is null
            ? track.Write(packet, index, payload, viewer.Srtp, slot)
            : track.WriteRtx(packet, index, payload, viewer.Srtp, slot);
        if (length > 0) _port.EndSend(length);
        return length;
    }

    public void Dispose()
    {
        _signal.Close();
        _stepTimer.Cancel();
        _reportTimer.Cancel();
        _subscription.Dispose();
    }

    private FanoutTrack TrackOf(ViewerTrack track) => track.Kind == MediaKind.Audio ? _audio : _video;

    private void OnFrames(Instant now)
    {
        if (_ended) return;
        // Asked before the ring is emptied: what was queued before the end is still sent.
        var end = _subscription.EndReason;
        var some = false;
        while (_subscription.TryRead(out var item))
        {
            Take(item, now);
            item.Frame.Release();
            some = true;
        }

        if (some)
        {
            for (var i = 0; i < _viewers.Count; i++) Pump(_viewers[i], now);
            if (now >= _reportTimer.Deadline) OnReports(now);
        }

        if (end is not { } reason) return;
        _ended = true;
        _onEnded(reason);
    }

    private void Take(in StreamItem item, Instant now)
    {
        var frame = item.Frame;
        if (frame.Format.Codec == Codec.Aac) return;
        // Sound of the past has nobody to play it.
        if (frame.Format.Kind == MediaKind.Audio && item.Replayed) return;
        // A frame of the past came earlier than now by its age.
        _epoch ??= NtpTime.FromUtc(_clock.UtcNow - (now - frame.ArrivedAt) - frame.StreamTime);
        var track = frame.Format.Kind == MediaKind.Audio ? _audio : _video;
        var first = track.Store.Next;
        track.Add(frame, item.Replayed, now);
        if (track.Kind != MediaKind.Video || !frame.IsKeyframe) return;
        for (var i = 0; i < _viewers.Count; i++)
        {
            if (_viewers[i].Video is not { Started: false } waiting) continue;
            waiting.Start(first, track.Frames - 1, track.LastTimestamp);
            waiting.NextReportAt = now;
        }
    }

    private bool TryStartFromPast(ViewerTrack video)
    {
        var store = _video.Store;
        if (store.GopStart < 0) return false;
        // The newest picture keeps its time and the ones it builds on come just before it, so this viewer runs level with all others.
        video.Start(store.GopStart, _video.Frames - 1, _video.LastTimestamp);
        video.CatchingUp = true;
        return true;
    }
}
