using Org.BouncyCastle.Tls;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Dtls;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>The browser's end of a DTLS-SRTP handshake.</summary>
internal sealed class DtlsTestClient(DtlsIdentity identity, int[] profiles, string? serverFingerprint) : DefaultTlsClient(new PlatformTlsCrypto())
{
    private SrtpProfile _chosen;

    public DtlsSrtpKeys? Keys { get; private set; }

    /// <summary>False: no extended master secret, as very old peers.</summary>
    public bool OfferExtendedMasterSecret { get; init; } = true;

    /// <summary>False: answers the certificate request with an empty list.</summary>
    public bool SendCertificate { get; init; } = true;

    public override bool ShouldUseExtendedMasterSecret() => OfferExtendedMasterSecret;

    public override int GetHandshakeTimeoutMillis() => 10_000;

    public override int GetHandshakeResendTimeMillis() => 200;

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = base.GetClientExtensions() ?? new Dictionary<int, byte[]>();
        if (profiles.Length > 0) TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(profiles, []));
        return extensions;
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(this, identity, serverFingerprint);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        Keys = DtlsSrtpKeys.Split(_chosen, m_context.ExportKeyingMaterial(DtlsSrtpKeys.ExporterLabel, null, DtlsSrtpKeys.ExportLength(_chosen)));
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        if (TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions) is { } data) SrtpProfiles.TryFromDtls(data.ProtectionProfiles[0], out _chosen);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    private sealed class Authentication(DtlsTestClient client, DtlsIdentity identity, string? serverFingerprint) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
        {
            if (serverFingerprint is null) return;
            var hash = System.Security.Cryptography.SHA256.HashData(serverCertificate.Certificate.GetCertificateAt(0).GetEncoded());
            if (BitConverter.ToString(hash).Replace('-', ':') != serverFingerprint) throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) => client.SendCertificate
            ? new PlatformTlsSigner(client.Crypto, identity.Certificate, identity.Key, SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa))
            : null;
    }
}
