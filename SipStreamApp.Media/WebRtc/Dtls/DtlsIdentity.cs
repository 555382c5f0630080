// RFC 8827 section 6.5 and RFC 8122 section 5: the self-signed certificate and its fingerprint in SDP.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>This server's certificate and key, made once and kept in a file, so that a restart does not change who we are.</summary>
internal sealed class DtlsIdentity : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(7);

    private DtlsIdentity(byte[] certificate, ECDsa key) => (Certificate, Key) = (certificate, key);

    /// <summary>The certificate (DER).</summary>
    public byte[] Certificate { get; }

    /// <summary>Its P-256 key.</summary>
    public ECDsa Key { get; }

    /// <summary>SHA-256 of the certificate.</summary>
    public byte[] Sha256 => SHA256.HashData(Certificate);

    /// <summary>The same as SDP writes it, without the algorithm: "AB:CD:...".</summary>
    public string Fingerprint => BitConverter.ToString(Sha256).Replace('-', ':');

    /// <summary>A fresh certificate.</summary>
    public static DtlsIdentity Create(DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name says nothing about the machine: every viewer sees it.
        var request = new CertificateRequest("CN=webrtc", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Lifetime);
        return new DtlsIdentity(certificate.RawData, key);
    }

    /// <summary>Reads the file, or makes a certificate and writes it where the file is missing, damaged or about to expire.</summary>
    public static DtlsIdentity LoadOrCreate(string path, DateTimeOffset now, out Failure? notSaved)
    {
        notSaved = null;
        if (TryLoad(path, now) is { } known) return known;
        var made = Create(now);
        try
        {
            made.Save(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notSaved = new Failure("webrtc-certificate-not-saved", Blame.Server, "The WebRTC certificate could not be saved: " + e.Message,
                "It works until the next start. Make the data directory writable");
        }

        return made;
    }

    public void Dispose() => Key.Dispose();

    private static DtlsIdentity? TryLoad(string path, DateTimeOffset now)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var pem = File.ReadAllText(path);
            using var certificate = X509Certificate2.CreateFromPem(pem, pem);
            var key = certificate.GetECDsaPrivateKey();
            var expires = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            return key is { KeySize: 256 } && expires > now + RenewBefore ? new DtlsIdentity(certificate.RawData, key) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null; // a new one is made in its place
        }
    }

    private void Save(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var pem = PemEncoding.WriteString("CERTIFICATE", Certificate) + "\n" + Key.ExportPkcs8PrivateKeyPem() + "\n";
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        // The key must never be readable by others, not even for the moment before a chmod.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(temporary, options)) writer.Write(pem);
        File.Move(temporary, path, overwrite: true);
    }
}
