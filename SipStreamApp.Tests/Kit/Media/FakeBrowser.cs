using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Tls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Ice;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>Settings of a <see cref="FakeBrowser"/>.</summary>
internal sealed record FakeBrowserOptions
{
    public int[] Profiles { get; init; } = [1, 8, 7]; // in Chromium's order

    public bool Rtx { get; init; }

    public bool Video { get; init; } = true;

    public string Audio { get; init; } = "111 9 0 8";

    /// <summary>Share of RTP packets that get lost on the way to it.</summary>
    public double Loss { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Asks again for what is missing.</summary>
    public bool Nacks { get; init; }

    /// <summary>recvonly watches, sendonly publishes, sendrecv does both.</summary>
    public string Direction { get; init; } = "recvonly";

    /// <summary>Numbers its packets and wants to be told when each arrived.</summary>
    public bool TransportWide { get; init; }

    /// <summary>Offers to send missing packets again, and does.</summary>
    public bool Resends { get; init; } = true;

    /// <summary>Share of its own RTP packets that get lost on the way to the server, resends too.</summary>
    public double SendLoss { get; init; }

    /// <summary>Names another certificate in its offer than it has.</summary>
    public bool LiesAboutCertificate { get; init; }
}

/// <summary>A browser that watches or publishes: ICE (controlling), DTLS client, SRTP both ways with NACK and PLI, on a real socket.</summary>
internal sealed partial class FakeBrowser : IDisposable
{
    private readonly FakeBrowserOptions _options;
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(TimeProvider.System.GetUtcNow());
    private readonly IceCredentials _ice = IceCredentials.New();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
    private readonly DtlsPipe _pipe;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _checked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private EndPoint _server = null!;
    private string _remoteUfrag = "", _remotePassword = "";
    private DtlsTransport? _transport;
    private SrtpSender? _sender;
    private volatile bool _closed;

    public FakeBrowser(FakeBrowserOptions? options = null)
    {
        _options = options ?? new FakeBrowserOptions();
        _random = new Random(_options.Seed);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _pipe = new DtlsPipe(d => Send(d), DtlsOptions.Default, () => false);
        _thread = new Thread(ReceiveLoop) { IsBackground = true, Name = "fake browser" };
    }

    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public long NowMs => _clock.ElapsedMilliseconds;

    public SrtpProfile Profile { get; private set; }

    /// <summary>Code of the last error response to a check; 0: none.</summary>
    public int LastCheckError { get; private set; }

    public int GoodChecks { get; private set; }

    /// <summary>Where the server saw us (XOR-MAPPED-ADDRESS).</summary>
    public PeerAddress Mapped { get; private set; }

    /// <summary>True once the server closed the DTLS association.</summary>
    public bool SawClose => _pipe.IsClosed;

    public string Offer() => new BrowserOffer
    {
        Ice = _ice,
        Fingerprint = (_options.LiesAboutCertificate ? DtlsIdentity.Create(TimeProvider.System.GetUtcNow()) : _identity).Fingerprint,
        Rtx = _options.Rtx,
        Video = _options.Video,
        Audio = _options.Audio,
        Direction = _options.Direction,
        TransportWide = _options.TransportWide,
        Nack = _options.Resends,
    }.ToString();

    /// <summary>Reads the answer, checks, shakes hands. Throws what BouncyCastle throws where the server refuses.</summary>
    public async Task ConnectAsync(string answer)
    {
        await CheckInAsync(answer);
        await Task.Factory.StartNew(() => Handshake(answer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Only the first half: a good check from our address.</summary>
    public async Task CheckInAsync(string answer)
    {
        UseAnswer(answer);
        _thread.Start();
        for (var i = 0; i < 20 && !_checked.Task.IsCompleted; i++)
        {
            SendCheck();
            await Task.WhenAny(_checked.Task, Task.Delay(100));
        }

        await _checked.Task.WaitAsync(TimeSpan.FromSeconds(1));
    }

    public void SendCheck(string? password = null, bool controlled = false, bool nominate = true, Socket? from = null, bool withIntegrity = true)
    {
        Span<byte> buffer = stackalloc byte[256];
        Span<byte> id = stackalloc byte[12];
        Random.Shared.NextBytes(id);
        var writer = new StunWriter(buffer, StunType.BindingRequest, id);
        writer.Attribute(StunAttribute.Username, Encoding.ASCII.GetBytes($"{_remoteUfrag}:{_ice.Ufrag}"));
        writer.Attribute(0xC057, [0, 1, 0, 10]); // GOOG-NETWORK-INFO
        writer.U64(controlled ? StunAttribute.IceControlled : StunAttribute.IceControlling, 0x1234_5678_9ABC_DEF0);
        if (nominate) writer.Attribute(StunAttribute.UseCandidate, []);
        writer.U32(StunAttribute.Priority, 0x6E00_1EFF);
        var length = writer.Finish(withIntegrity ? Encoding.ASCII.GetBytes(password ?? _remotePassword) : []);
        (from ?? _socket).SendTo(buffer[..length], _server);
    }

    /// <summary>close_notify, as a browser that closes its RTCPeerConnection.</summary>
    public void CloseDtls() => _transport?.Close();

    public void Send(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, _server);

    public void UseAnswer(string answer)
    {
        _remoteUfrag = Value(answer, "ice-ufrag");
        _remotePassword = Value(answer, "ice-pwd");
        var candidate = Value(answer, "candidate").Split(' ');
        _server = new IPEndPoint(IPAddress.Parse(candidate[4]), int.Parse(candidate[5], System.Globalization.CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _closed = true;
        _pipe.Close();
        _socket.Dispose();
        _identity.Dispose();
    }

    private static string Value(string sdp, string attribute) => Regex.Match(sdp, $"a={attribute}:([^\r\n]+)").Groups[1].Value;

    public void Handshake(string answer)
    {
        var client = new DtlsTestClient(_identity, _options.Profiles, Value(answer, "fingerprint").Split(' ')[1]);
        _transport = new DtlsClientProtocol().Connect(client, _pipe);
        _pipe.StopBlocking();
        Profile = client.Keys!.Profile;
        _sender = client.Keys.CreateSender(isDtlsServer: false);
        TakeEarly(client.Keys.CreateReceiver(isDtlsServer: false));
    }

    private void ReceiveLoop()
    {
        var buffer = new byte[4096];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (!_closed)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(buffer, ref from);
            }
            catch (SocketException) when (!_closed)
            {
                continue; // an ICMP error of a server that went away
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            // ICE takes only what comes by its pair: whoever had this port before may still be sent to by another server.
            if (((IPEndPoint)from).Port != ((IPEndPoint)_server).Port) continue;
            var datagram = buffer.AsSpan(0, length);
            if (StunMessage.LooksLikeStun(datagram)) OnStun(datagram);
            else if (DtlsSession.LooksLikeDtls(datagram)) OnDtls(datagram);
            else OnMedia(datagram);
        }
    }

    private void OnStun(ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message)) return;
        if (message.Type == StunType.BindingError)
        {
            LastCheckError = message.ErrorCode;
            return;
        }

        if (message.Type != StunType.BindingSuccess || !message.HasValidIntegrity(Encoding.ASCII.GetBytes(_remotePassword))) return;
        if (StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out var mapped)) Mapped = mapped;
        GoodChecks++;
        _checked.TrySetResult();
    }

    private void OnDtls(ReadOnlySpan<byte> datagram)
    {
        _pipe.Offer(datagram);
        if (_transport is null) return;
        try
        {
            Span<byte> scratch = stackalloc byte[DtlsPipe.MaxRecordBytes];
            while (_pipe.HasRecords) _transport.Receive(scratch, 1);
        }
        catch (IOException)
        {
            _pipe.Close();
        }
    }
}
