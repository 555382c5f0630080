// RFC 8422: ECDHE and ECDSA on P-256, done by the platform. BouncyCastle's managed arithmetic takes about a millisecond for each of
// the four operations of a handshake; the platform's takes some ten microseconds.
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>BouncyCastle's TLS toolbox with the platform's P-256 in it.</summary>
internal sealed class PlatformTlsCrypto : BcTlsCrypto
{
    public override TlsECDomain CreateECDomain(TlsECConfig ecConfig) =>
        ecConfig.NamedGroup == NamedGroup.secp256r1 ? new P256Domain(this) : base.CreateECDomain(ecConfig);

    public override TlsCertificate CreateCertificate(short type, byte[] encoding) =>
        type == CertificateType.X509 ? new PlatformTlsCertificate(this, encoding) : base.CreateCertificate(type, encoding);

    private sealed class P256Domain(BcTlsCrypto crypto) : TlsECDomain
    {
        public TlsAgreement CreateECDH() => new P256Agreement(crypto);
    }

    private sealed class P256Agreement(BcTlsCrypto crypto) : TlsAgreement
    {
        private const int CoordinateBytes = 32;

        private ECDiffieHellman? _own;
        private byte[] _peer = [];

        public byte[] GenerateEphemeral()
        {
            _own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            var q = _own.ExportParameters(false).Q;
            return [4, .. q.X!, .. q.Y!];
        }

        public void ReceivePeerValue(byte[] peerValue)
        {
            if (peerValue.Length != 1 + 2 * CoordinateBytes || peerValue[0] != 4) throw new TlsFatalAlert(AlertDescription.illegal_parameter);
            _peer = peerValue;
        }

        public TlsSecret CalculateSecret()
        {
            try
            {
                // The import refuses a point that is not on the curve.
                using var peer = ECDiffieHellman.Create(new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint { X = _peer[1..(1 + CoordinateBytes)], Y = _peer[(1 + CoordinateBytes)..] },
                });
                return crypto.CreateSecret(_own!.DeriveRawSecretAgreement(peer.PublicKey));
            }
            catch (CryptographicException e)
            {
                throw new TlsFatalAlert(AlertDescription.illegal_parameter, e);
            }
            finally
            {
                _own?.Dispose();
            }
        }
    }
}
