using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Publishing;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <content>What happens on the loop's thread.</content>
internal sealed partial class WebRtcHost : ISessionHost
{
    private readonly Dictionary<LiveStream, WatchedStream> _fanouts = [];
    private readonly List<Publication> _undrained = [];
    private int _watched;
    private long _stray;

    public PeerTable Peers { get; } = new();

    public void OnSecured(PeerSession session, Instant now)
    {
        Log.Secured(_logger, session.Id[..8], session.Name.Value, (long)(_clock.UtcNow - session.CreatedAt).TotalMilliseconds, session.Profile);
        if (session.Stream is { } stream) Join(session, stream, now);
        Changed?.Invoke(new SessionChange(session.Id, session.Name, null, ""));
    }

    public void OnClosed(PeerSession session, bool wasSecured, SessionEnd end, string detail)
    {
        if (wasSecured && session.Stream is { } stream) Interlocked.Decrement(ref stream.Viewers);
        _sessions.TryRemove(session.Id, out _);
        Interlocked.Decrement(ref _reserved);
        Peers.Remove(session.UfragKey, session);
        foreach (var address in session.KnownAddresses) Peers.Forget(address, session);
        Release(session);
        Log.Ended(_logger, session.Id[..8], session.Name.Value, end, detail);
        Changed?.Invoke(new SessionChange(session.Id, session.Name, end, end.Code()));
    }

    public void DrainLater(Publication publication)
    {
        if (publication.IsQueued) return;
        publication.IsQueued = true;
        _undrained.Add(publication);
    }

    public bool Resend(PeerSession session, ViewerTrack track, ushort sequence) =>
        session.Stream is { } stream && _fanouts.TryGetValue(stream, out var watched) && watched.Fanout.Resend(session, track, sequence) > 0;

    private bool Add(SessionSettings settings)
    {
        if (_stopped) return false;
        var now = _loop!.Now;
        var session = new PeerSession(settings, _port!, this,
            owner => new DtlsSession(_workers, _identity!, settings.Fingerprints, _options.Dtls, owner), _options.Ice, _clock, now);
        // 48 random bits: a clash is less likely than a broken memory, but it would take over another viewer's session.
        if (!Peers.TryAdd(session.UfragKey, session)) return false;
        _sessions[session.Id] = session;
        if (settings.Stream is { } stream) Use(stream);
        _tick!.Set(Instant.Min(_tick.Deadline, session.NextDeadline));
        return true;
    }

    // A stream that was not there when the session came to be.
    private bool Watch(string sessionId, LiveStream stream)
    {
        if (!_sessions.TryGetValue(sessionId, out var session) || session.Stream is not null) return false;
        session.Watch(stream);
        Use(stream);
        if (session.State == ViewerState.Secured) Join(session, stream, _loop!.Now);
        return true;
    }

    private void Join(PeerSession session, LiveStream stream, Instant now)
    {
        Interlocked.Increment(ref stream.Viewers);
        if (_fanouts.TryGetValue(stream, out var watched)) watched.Fanout.Join(session, now);
    }

    // The fan-out starts with the first answer, so that the last keyframe is cut and waiting when the handshake is through.
    private void Use(LiveStream stream)
    {
        if (!_fanouts.TryGetValue(stream, out var watched))
        {
            watched = new WatchedStream(new StreamFanout(stream, _port!, _clock, _options.Fanout, reason => OnStreamEnded(stream, reason)));
            _fanouts.Add(stream, watched);
            _watched = _fanouts.Count;
        }

        watched.Sessions++;
    }

    // Also those that are still shaking hands.
    private void OnStreamEnded(LiveStream stream, StreamEndReason reason)
    {
        foreach (var (_, session) in _sessions)
            if (ReferenceEquals(session.Stream, stream)) session.Close(SessionEnd.StreamEnded, reason.ToString(), _loop!.Now);
    }

    private void Release(PeerSession session)
    {
        if (session.Stream is not { } stream || !_fanouts.TryGetValue(stream, out var watched)) return;
        watched.Fanout.Leave(session);
        if (--watched.Sessions > 0) return;
        _fanouts.Remove(stream);
        _watched = _fanouts.Count;
        watched.Fanout.Dispose();
    }

    // A session's deadline only ever moves away, so this runs about once per consent time-out, however many viewers there are.
    private void OnTick(Instant now)
    {
        var next = Instant.Never;
        foreach (var (_, session) in _sessions)
        {
            session.Tick(now);
            next = Instant.Min(next, session.NextDeadline);
        }

        _tick!.Set(Instant.Min(next, DropOffers(now, SessionEnd.ConsentLost)));
    }

    private sealed class WatchedStream(StreamFanout fanout)
    {
        public StreamFanout Fanout => fanout;

        public int Sessions { get; set; }
    }

    private sealed class Demultiplexer(WebRtcHost host) : IDatagramHandler
    {
        public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
        {
            if (StunMessage.LooksLikeStun(datagram))
            {
                if (host.Peers.FindByCheck(datagram) is { } checkedBy) checkedBy.OnCheck(datagram, from, now);
                else host._stray++;
            }
            else if (host.Peers.Find(from) is { } session) session.OnDatagram(datagram, now);
            else host._stray++;
        }

        public void OnBatchEnd(Instant now)
        {
            foreach (var publication in host._undrained)
            {
                publication.IsQueued = false;
                publication.Drain(now);
            }

            host._undrained.Clear();
        }
    }
}
