using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>An authority of a test's own, and the certificates it vouches for.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) { CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true) } };
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Its own certificate, PEM.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate with its key.</summary>
    /// <param name="name">The name, or address, it is for.</param>
    /// <param name="until">Its end; null: it is valid for long.</param>
    public X509Certificate2 Issue(string name, DateTimeOffset? until = null)
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) { CertificateExtensions = { names.Build() } };
        using var bare = request.Create(_certificate, DateTimeOffset.UnixEpoch, until ?? new DateTimeOffset(2080, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(8));
        using var made = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
