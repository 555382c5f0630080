// RFC 5764 (DTLS-SRTP), RFC 8827 section 6.5, RFC 7627: our choices in a handshake.
using System.Collections.Immutable;
using Org.BouncyCastle.Tls;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>What this server says in one DTLS 1.2 handshake, and what it insists on.</summary>
internal sealed class DtlsServerPeer(
    PlatformTlsCrypto crypto, DtlsIdentity identity, ImmutableArray<PeerFingerprint> expected, DtlsOptions options) : DefaultTlsServer(crypto)
{
    private SrtpProfile _profile;

    /// <summary>The keys, once the handshake is through.</summary>
    public DtlsSrtpKeys? Keys { get; private set; }

    /// <summary>True where the peer's certificate was not the one its SDP named.</summary>
    public bool FingerprintMismatch { get; private set; }

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        var offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions)?.ProtectionProfiles ?? [];
        foreach (var profile in options.Profiles)
        {
            if (!offered.Contains((int)profile)) continue;
            _profile = profile;
            return;
        }

        throw new TlsFatalAlert(AlertDescription.handshake_failure, "No common SRTP profile");
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = base.GetServerExtensions() ?? new Dictionary<int, byte[]>();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([(int)_profile], []));
        return extensions;
    }

    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        var certificate = clientCertificate.IsEmpty ? [] : clientCertificate.GetCertificateAt(0).GetEncoded();
        foreach (var fingerprint in expected)
            if (fingerprint.Matches(certificate)) return;

        FingerprintMismatch = true;
        throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        Keys = DtlsSrtpKeys.Split(_profile, m_context.ExportKeyingMaterial(DtlsSrtpKeys.ExporterLabel, null, DtlsSrtpKeys.ExportLength(_profile)));
    }

    public override bool RequiresExtendedMasterSecret() => true;

    public override int GetHandshakeTimeoutMillis() => (int)options.HandshakeTimeout.TotalMilliseconds;

    public override int GetHandshakeResendTimeMillis() => (int)options.FirstResend.TotalMilliseconds;

    public override int[] GetSupportedGroups() => [NamedGroup.secp256r1, NamedGroup.x25519];

    // P-256 costs us ten times less here than X25519, which is done in managed code.
    public override bool PreferLocalSupportedGroups() => true;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() =>
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => new PlatformTlsSigner(
        Crypto, identity.Certificate, identity.Key, SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
}
