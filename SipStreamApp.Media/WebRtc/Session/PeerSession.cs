// RFC 8834 and RFC 8835: one browser: ICE, DTLS, SRTP, and under that roof what it watches and what it sends.
using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Publishing;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>
/// One browser: it watches (the fan-out sends to it), or publishes (a <see cref="Publication"/> receives from it), or both. All of it belongs to the loop's thread, but for the
/// members of <see cref="IDtlsOwner"/>, which only post there.
/// </summary>
internal sealed partial class PeerSession : IFanoutViewer, IDtlsOwner, IPublicationLink
{
    private readonly UdpPort _port;
    private readonly ISessionHost _host;
    private readonly SessionSettings _settings;
    private readonly IceLiteAgent _ice;
    private readonly DtlsSession _dtls;
    private readonly byte[] _cname;
    private readonly ViewerStats _stats = new();
    private readonly ResendBudget _budget = new();
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private volatile string _remoteText = "";
    private volatile ViewerState _state;

    public PeerSession(
        SessionSettings settings, UdpPort port, ISessionHost host, Func<IDtlsOwner, DtlsSession> dtls, IceOptions ice, EngineClock clock, Instant now)
    {
        (_settings, _port, _host) = (settings, port, host);
        _ice = new IceLiteAgent(settings.Local, settings.RemoteUfrag, ice, now);
        _dtls = dtls(this);
        _cname = System.Text.Encoding.ASCII.GetBytes(settings.Cname);
        Stream = settings.Stream;
        if (settings.Publication is { } sent) (_publication, _early) = (new Publication(sent, this, port.Loop, clock), new EarlyPackets());
    }

    public string Id => _settings.Id;

    /// <summary>What it watches; null where it does not, or not yet.</summary>
    public LiveStream? Stream { get; private set; }

    /// <summary>The stream the session is known by: the one it feeds, else the one it watches.</summary>
    public StreamName Name => _settings.Publication?.Publisher.Stream.Name ?? Stream!.Name;

    public ViewerState State => _state;

    public bool IsPublishing => _publication is not null;

    public ulong UfragKey => IceCredentials.KeyOf(_settings.Local.Ufrag);

    public DateTimeOffset CreatedAt => _settings.CreatedAt;

    /// <summary>Name of the SRTP profile; empty before the handshake.</summary>
    public string Profile => _profile;

    public Instant LoopNow => _port.Loop.Now;

    public Instant NextDeadline => _ice.NextDeadline;

    public PeerAddress Remote { get; private set; }

    public SrtpSender Srtp => _sender!;

    public ViewerTrack? Audio => _settings.Audio;

    public ViewerTrack? Video => _settings.Video;

    /// <summary>A datagram whose user fragment is ours; nothing more is known of its sender.</summary>
    public void OnCheck(ReadOnlySpan<byte> datagram, in PeerAddress from, Instant now)
    {
        if (_state == ViewerState.Closed) return;
        _ice.Receive(datagram, from, now);
        if (_ice.TryTakeDatagram(out var response, out var to)) _port.Send(response, to);
        DrainIce(now);
    }

    /// <summary>Anything else, from an address that had the right password.</summary>
    public void OnDatagram(Span<byte> datagram, Instant now)
    {
        if (_state == ViewerState.Closed) return;
        switch (PacketKinds.Of(datagram))
        {
            case PacketKind.Dtls:
                _dtls.Receive(datagram);
                break;
            case PacketKind.Rtp or PacketKind.Rtcp when _receiver is null:
                _early?.Add(datagram, Remote, now);
                break;
            case PacketKind.Rtcp:
                OnRtcp(datagram, now);
                break;
            case PacketKind.Rtp when _publication is not null:
                OnRtp(datagram, now);
                break;
        }
    }

    /// <summary>From now on it watches this stream.</summary>
    public void Watch(LiveStream stream) => Stream = stream;

    public void Tick(Instant now)
    {
        _ice.Tick(now);
        DrainIce(now);
    }

    /// <summary>Ends the session, once: tells the browser where there are keys, and forgets everything.</summary>
    public void Close(SessionEnd end, string detail, Instant now)
    {
        if (_state == ViewerState.Closed) return;
        if (_sender is not null && end is not (SessionEnd.ClosedByPeer or SessionEnd.ConsentLost)) SendByes();
        var wasSecured = _sender is not null;
        _state = ViewerState.Closed;
        _publication?.End(StreamReason(end));
        _early = null;
        _host.OnClosed(this, wasSecured, end, detail);
        _dtls.Close();
        _sender?.Dispose();
        _receiver?.Dispose();
        (_sender, _receiver) = (null, null);
    }

    /// <summary>Its figures as a viewer; null where it does not watch. From any thread.</summary>
    public ViewerSnapshot? Snapshot() => Stream is not { } stream ? null : new(
        Id, stream.Name, _remoteText, _state == ViewerState.Secured && Packets > 0 ? ViewerState.Playing : _state, _settings.CreatedAt,
        _stats.RoundTrip, _stats.LossPercent, Packets, (Audio?.OctetsSent ?? 0) + (Video?.OctetsSent ?? 0),
        Volatile.Read(ref _stats.Nacks), Volatile.Read(ref _stats.Resent), Volatile.Read(ref _stats.Plis), _profile);

    /// <summary>Its figures as a publisher; null where it does not publish. From any thread.</summary>
    public PublisherSnapshot? PublisherSnapshot() => _publication is null ? null : new(
        Id, _publication.Stream.Name, _remoteText, _settings.CreatedAt, _publication.Figures.Audio, _publication.Figures.Video);

    void IDtlsOwner.OnDtlsSend(byte[] datagram) => _port.Loop.Post(static s => s.Session.SendDtls(s.Datagram), (Session: this, Datagram: datagram));

    void IDtlsOwner.OnDtlsSecured(DtlsSrtpKeys keys) => _port.Loop.Post(static s => s.Session.OnSecured(s.Keys), (Session: this, Keys: keys));

    void IDtlsOwner.OnDtlsEnded(DtlsEnd end, string detail) => _port.Loop.Post(() => Close(EndOf(end), detail, _port.Loop.Now));

    private long Packets => (Audio?.PacketsSent ?? 0) + (Video?.PacketsSent ?? 0);

    private static SessionEnd EndOf(DtlsEnd end) => end switch
    {
        DtlsEnd.ClosedByPeer => SessionEnd.ClosedByPeer,
        DtlsEnd.FingerprintMismatch => SessionEnd.FingerprintMismatch,
        _ => SessionEnd.HandshakeFailed,
    };

    private void DrainIce(Instant now)
    {
        while (_ice.TryTakeEvent(out var happened))
        {
            switch (happened.Kind)
            {
                case IceEventKind.AddressLearned:
                    _host.Peers.Learn(happened.Address, this);
                    _addresses.Add(happened.Address);
                    break;
                case IceEventKind.AddressForgotten:
                    _host.Peers.Forget(happened.Address, this);
                    _addresses.Remove(happened.Address);
                    break;
                case IceEventKind.Selected:
                    Remote = happened.Address;
                    _remoteText = Remote.ToString();
                    if (_state == ViewerState.New) _state = ViewerState.Connected;
                    break;
                case IceEventKind.ConsentLost:
                    Close(SessionEnd.ConsentLost, "", now);
                    return;
            }
        }
    }

    // Also after the end: the closing alert comes from a worker.
    private void SendDtls(byte[] datagram)
    {
        if (!Remote.IsEmpty && !_port.IsClosed) _port.Send(datagram, Remote);
    }

    private void OnSecured(DtlsSrtpKeys keys)
    {
        using (keys)
        {
            if (_state == ViewerState.Closed) return;
            _sender = keys.CreateSender(isDtlsServer: true);
            _receiver = keys.CreateReceiver(isDtlsServer: true);
            _profile = keys.Profile.SdesName;
        }

        _state = ViewerState.Secured;
        var now = _port.Loop.Now;
        _publication?.Start(now);
        _host.OnSecured(this, now);
        // The browser has its keys half a round trip before we have ours.
        while (_early is not null && _early.TryTake(now, out var datagram, out _, out var at)) OnDatagram(datagram, at);
        _early = null;
    }
}
