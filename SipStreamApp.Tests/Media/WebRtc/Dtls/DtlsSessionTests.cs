using System.Collections.Immutable;
using Org.BouncyCastle.Tls;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Dtls;

/// <summary>Server and client face each other in memory.</summary>
public sealed class DtlsSessionTests : IDisposable
{
    private const int Cm80 = 1, Gcm128 = 7, Gcm256 = 8;

    private readonly DtlsIdentity _server = DtlsIdentity.Create(TimeProvider.System.GetUtcNow());
    private readonly DtlsIdentity _client = DtlsIdentity.Create(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(new[] { Cm80, Gcm256, Gcm128 }, SrtpProfile.AeadAes128Gcm)]
    [InlineData(new[] { Gcm256, Cm80 }, SrtpProfile.Aes128CmHmacSha1_80)]
    [InlineData(new[] { Gcm256 }, SrtpProfile.AeadAes256Gcm)]
    public async Task Handshake_ProfilesOffered_BestIsTakenAndBothHaveTheSameKeys(int[] offered, object expected)
    {
        using var pair = new Pair(_server, _client, offered);
        var client = await pair.ConnectAsync();
        var keys = await pair.Keys;
        Assert.Equal((SrtpProfile)expected, keys.Profile);
        Assert.Equal(client.Keys!.Profile, keys.Profile);
        Assert.Equal(client.Keys.ServerKey, keys.ServerKey);
        Assert.Equal(client.Keys.ClientSalt, keys.ClientSalt);
        Assert.NotEqual(keys.ClientKey, keys.ServerKey);
    }

    [Fact]
    public async Task Handshake_ManyDatagramsLost_Completes()
    {
        using var pair = new Pair(_server, _client, [Gcm128]) { Loss = 0.15 };
        await pair.ConnectAsync();
        await pair.Keys;
    }

    [Fact]
    public async Task Handshake_WrongCertificate_Fails()
    {
        using var pair = new Pair(_server, _client, [Gcm128], new PeerFingerprint("sha-256", new byte[32]));
        await Assert.ThrowsAnyAsync<IOException>(pair.ConnectAsync);
        Assert.Equal(DtlsEnd.FingerprintMismatch, await pair.Ended);
    }

    [Fact]
    public async Task Handshake_NoCertificate_Fails()
    {
        using var pair = new Pair(_server, _client, [Gcm128]) { ClientHasCertificate = false };
        await Assert.ThrowsAnyAsync<IOException>(pair.ConnectAsync);
        Assert.Equal(DtlsEnd.FingerprintMismatch, await pair.Ended);
    }

    [Theory]
    [InlineData(new[] { 2 }, true)]
    [InlineData(new int[0], true)]
    [InlineData(new[] { Gcm128 }, false)]
    public async Task Handshake_NoCommonProfileOrNoExtendedMasterSecret_Fails(int[] offered, bool extendedMasterSecret)
    {
        using var pair = new Pair(_server, _client, offered) { ExtendedMasterSecret = extendedMasterSecret };
        await Assert.ThrowsAnyAsync<IOException>(pair.ConnectAsync);
        Assert.Equal(DtlsEnd.HandshakeFailed, await pair.Ended);
    }

    [Fact]
    public async Task Handshake_PeerFallsSilent_TimesOutAndFreesItsThread()
    {
        using var pair = new Pair(_server, _client, [Gcm128], options: new DtlsOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(500), WorkerIdle = TimeSpan.FromMilliseconds(100) })
        {
            LoseAllToClient = true,
        };
        var connecting = pair.ConnectAsync();
        Assert.Equal(DtlsEnd.TimedOut, await pair.Ended);
        pair.Client.Close();
        await Assert.ThrowsAnyAsync<Exception>(() => connecting);
        await WebRtcKit.Until(() => pair.Workers.Threads == 0, "no thread is left");
    }

    [Fact]
    public async Task Receive_Junk_NeverKillsAWorker()
    {
        var random = new Random(6347);
        using var workers = new DtlsWorkers(DtlsOptions.Default);
        for (var i = 0; i < 200; i++)
        {
            var owner = new Owner();
            var session = new DtlsSession(workers, _server, [], DtlsOptions.Default with { HandshakeTimeout = TimeSpan.FromMilliseconds(20) }, owner);
            for (var n = 0; n < 4; n++)
            {
                var junk = new byte[random.Next(13, 400)];
                random.NextBytes(junk);
                // A record that claims to be a ClientHello of about the right size gets furthest.
                ((ReadOnlySpan<byte>)[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, (byte)n]).CopyTo(junk);
                (junk[11], junk[12]) = ((byte)((junk.Length - 13) >> 8), (byte)(junk.Length - 13));
                if (junk.Length > 40 && i % 2 == 0) ((ReadOnlySpan<byte>)[1, 0, 0, (byte)(junk.Length - 25), 0, 0, 0, 0, 0, 0, 0, (byte)(junk.Length - 25), 254, 253]).CopyTo(junk.AsSpan(13));
                session.Receive(junk);
            }

            if (i % 32 == 31) await WebRtcKit.Until(() => !workers.IsBusy, "done");
        }

        await WebRtcKit.Until(() => !workers.IsBusy, "all done");
        Assert.InRange(workers.Threads, 1, DtlsOptions.Default.Workers);
    }

    [Fact]
    public async Task Close_EitherSide_IsNoticedByTheOther()
    {
        using var pair = new Pair(_server, _client, [Gcm128]);
        await pair.ConnectAsync();
        await pair.Keys;
        pair.Transport!.Close();
        Assert.Equal(DtlsEnd.ClosedByPeer, await pair.Ended);

        using var other = new Pair(_server, _client, [Gcm128]);
        await other.ConnectAsync();
        await other.Keys;
        other.Client.StopBlocking();
        other.Session.Close();
        await WebRtcKit.Until(() => other.Client.HasRecords, "close_notify");
        other.Transport!.Receive(new byte[2048], 0, 2048, 1);
        Assert.True(other.Client.IsClosed);
    }

    [Fact]
    public async Task Handshakes_ManyAtOnce_StayWithinTheThreads()
    {
        using var workers = new DtlsWorkers(DtlsOptions.Default with { Workers = 3 });
        var pairs = Enumerable.Range(0, 24).Select(_ => new Pair(_server, _client, [Gcm128], workers: workers)).ToArray();
        await Task.WhenAll(pairs.Select(p => p.ConnectAsync()));
        foreach (var pair in pairs) await pair.Keys;
        Assert.InRange(workers.Threads, 1, 3);
        foreach (var pair in pairs) pair.Dispose();
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private sealed class Owner : IDtlsOwner
    {
        public readonly TaskCompletionSource<DtlsSrtpKeys> Keys = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public readonly TaskCompletionSource<DtlsEnd> End = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Action<byte[]> OnSend = static _ => { };

        public void OnDtlsSend(byte[] datagram) => OnSend(datagram);

        public void OnDtlsSecured(DtlsSrtpKeys keys) => Keys.TrySetResult(keys);

        public void OnDtlsEnded(DtlsEnd end, string detail) => End.TrySetResult(end);
    }

    private sealed class Pair : IDisposable
    {
        private readonly Owner _owner = new();
        private readonly DtlsIdentity _client;
        private readonly int[] _profiles;
        private readonly Random _random = new(4);

        public Pair(DtlsIdentity server, DtlsIdentity client, int[] profiles, PeerFingerprint? expected = null, DtlsOptions? options = null, DtlsWorkers? workers = null)
        {
            (_client, _profiles) = (client, profiles);
            options ??= DtlsOptions.Default;
            Workers = workers ?? new DtlsWorkers(options);
            ImmutableArray<PeerFingerprint> fingerprints = [expected ?? new PeerFingerprint("SHA-256", client.Sha256)];
            Session = new DtlsSession(Workers, server, fingerprints, options, _owner);
            Client = new DtlsPipe(d => { if (!Lost()) Session.Receive(d); }, DtlsOptions.Default, () => false);
            _owner.OnSend = d => { if (!LoseAllToClient && !Lost()) Client.Offer(d); };
        }

        public DtlsWorkers Workers { get; }

        public DtlsSession Session { get; }

        public DtlsPipe Client { get; }

        public DtlsTransport? Transport { get; private set; }

        public double Loss { get; init; }

        public bool LoseAllToClient { get; init; }

        public bool ClientHasCertificate { get; init; } = true;

        public bool ExtendedMasterSecret { get; init; } = true;

        public Task<DtlsSrtpKeys> Keys => _owner.Keys.Task.WaitAsync(TimeSpan.FromSeconds(5));

        public Task<DtlsEnd> Ended => _owner.End.Task.WaitAsync(TimeSpan.FromSeconds(5));

        public Task<DtlsTestClient> ConnectAsync() => Task.Factory.StartNew(() =>
        {
            var peer = new DtlsTestClient(_client, _profiles, null) { SendCertificate = ClientHasCertificate, OfferExtendedMasterSecret = ExtendedMasterSecret };
            Transport = new DtlsClientProtocol().Connect(peer, Client);
            return peer;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        public void Dispose()
        {
            Client.Close();
            Session.Close();
        }

        private bool Lost()
        {
            lock (_random) return _random.NextDouble() < Loss;
        }
    }
}
