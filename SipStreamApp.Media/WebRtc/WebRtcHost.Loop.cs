using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <content>What happens on the loop's thread.</content>
internal sealed partial class WebRtcHost : ISessionHost
{
    private readonly Dictionary<LiveStream, WatchedStream> _fanouts = [];
    private int _watched;
    private long _stray;

    public PeerTable Peers { get; } = new();

    public void OnSecured(PeerSession session, Instant now)
    {
        Interlocked.Increment(ref session.Stream.Viewers);
        Log.Secured(_logger, session.Id[..8], session.Stream.Name.Value, (long)(_clock.UtcNow - session.CreatedAt).TotalMilliseconds, session.Profile);
        if (_fanouts.TryGetValue(session.Stream, out var watched)) watched.Fanout.Join(session, now);
    }

    public void OnClosed(PeerSession session, bool wasSecured, SessionEnd end, string detail)
    {
        if (wasSecured) Interlocked.Decrement(ref session.Stream.Viewers);
        _sessions.TryRemove(session.Id, out _);
        Interlocked.Decrement(ref _reserved);
        Peers.Remove(session.UfragKey, session);
        foreach (var address in session.KnownAddresses) Peers.Forget(address, session);
        Release(session);
        Log.Ended(_logger, session.Id[..8], session.Stream.Name.Value, end, detail);
    }

    public bool Resend(PeerSession session, ViewerTrack track, ushort sequence) =>
        _fanouts.TryGetValue(session.Stream, out var watched) && watched.Fanout.Resend(session, track, sequence) > 0;

    private bool Add(SessionSettings settings)
    {
        if (_stopped) return false;
        var now = _loop!.Now;
        var session = new PeerSession(settings, _port!, this,
            owner => new DtlsSession(_workers, _identity!, settings.Fingerprints, _options.Dtls, owner), _options.Ice, now);
        // 48 random bits: a clash is less likely than a broken memory, but it would take over another viewer's session.
        if (!Peers.TryAdd(session.UfragKey, session)) return false;
        _sessions[session.Id] = session;
        Use(settings.Stream);
        _tick!.Set(Instant.Min(_tick.Deadline, session.NextDeadline));
        return true;
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
        if (!_fanouts.TryGetValue(session.Stream, out var watched)) return;
        watched.Fanout.Leave(session);
        if (--watched.Sessions > 0) return;
        _fanouts.Remove(session.Stream);
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

        _tick!.Set(next);
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
    }
}
