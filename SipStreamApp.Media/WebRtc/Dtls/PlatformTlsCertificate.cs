// RFC 5246 section 7.4.8: checking the peer's signature, on the platform where the key is P-256.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>A peer's certificate whose ECDSA signatures the platform checks; anything else stays with BouncyCastle.</summary>
internal sealed class PlatformTlsCertificate(BcTlsCrypto crypto, byte[] encoding) : BcTlsCertificate(crypto, encoding)
{
    public override TlsVerifier CreateVerifier(short signatureAlgorithm)
    {
        if (signatureAlgorithm != SignatureAlgorithm.ecdsa) return base.CreateVerifier(signatureAlgorithm);
        using var certificate = X509CertificateLoader.LoadCertificate(GetEncoded());
        return certificate.GetECDsaPublicKey() is { } key ? new Verifier(key) : base.CreateVerifier(signatureAlgorithm);
    }

    private sealed class Verifier(ECDsa key) : TlsVerifier
    {
        public TlsStreamVerifier? GetStreamVerifier(DigitallySigned digitallySigned) => null;

        public bool VerifyRawSignature(DigitallySigned digitallySigned, byte[] hash)
        {
            using (key) return key.VerifyHash(hash, digitallySigned.Signature, DSASignatureFormat.Rfc3279DerSequence);
        }
    }
}

/// <summary>Signs with our certificate's key.</summary>
internal sealed class PlatformTlsSigner(TlsCrypto crypto, byte[] certificate, ECDsa key, SignatureAndHashAlgorithm algorithm) : TlsCredentialedSigner
{
    public Certificate Certificate { get; } = new([crypto.CreateCertificate(certificate)]);

    public SignatureAndHashAlgorithm SignatureAndHashAlgorithm => algorithm;

    public TlsStreamSigner? GetStreamSigner() => null;

    public byte[] GenerateRawSignature(byte[] hash)
    {
        // One key serves all handshakes, and ECDsa promises nothing about threads.
        lock (key) return key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
