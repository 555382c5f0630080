// RFC 3261 section 26.3.1 (TLS to the next hop), RFC 5922 section 7 (what a certificate must say).
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>Makes connections to SIP servers secure, and says in plain words why one cannot be trusted.</summary>
internal sealed class SipTls
{
    private readonly X509Certificate2Collection _authorities;
    private readonly bool _verify;

    private SipTls(X509Certificate2Collection authorities, bool verify) => (_authorities, _verify) = (authorities, verify);

    /// <summary>Trusts the authorities of this machine.</summary>
    public static SipTls Default { get; } = new([], true);

    /// <summary>Reads the authorities to trust; the failure says what is wrong with the file.</summary>
    /// <param name="authorities">PEM file; empty: the authorities of this machine.</param>
    /// <param name="verify">False takes any certificate.</param>
    /// <param name="tls">Ready to use.</param>
    /// <param name="failure">Why not.</param>
    public static bool TryCreate(string authorities, bool verify, [NotNullWhen(true)] out SipTls? tls, [NotNullWhen(false)] out Failure? failure)
    {
        (tls, failure) = (null, null);
        var trusted = new X509Certificate2Collection();
        try
        {
            if (authorities.Length > 0) trusted.ImportFromPemFile(authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            trusted.Clear();
        }

        if (authorities.Length > 0 && trusted.Count == 0)
        {
            failure = new Failure("invalid-field", Blame.Caller, $"{authorities} has no certificate that can be read", "Name a PEM file with the certificates of the authorities to trust.") { Field = "Sip:TlsAuthorities" };
            return false;
        }

        tls = new SipTls(trusted, verify);
        return true;
    }

    /// <summary>Shakes hands as the client. Throws where the link is not secure; its <see cref="SipLink.Problem"/> then says why.</summary>
    public async ValueTask<Stream> SecureAsync(Stream raw, SipLink link, CancellationToken cancel)
    {
        var stream = new SslStream(raw);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = link.Name, CertificateChainPolicy = Policy(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => !_verify || (link.Problem = Explain(link.Name, certificate as X509Certificate2, chain, errors)) is null,
                },
                cancel);
            return stream;
        }
        catch (Exception e)
        {
            link.Problem ??= e is AuthenticationException or IOException ? "it does not speak TLS as we do" : null;
            await stream.DisposeAsync();
            throw;
        }
    }

    // Revocation is not asked for: that would be a request to a third party, which a closed network does not let out.
    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (_authorities.Count == 0) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    private static string? Explain(string name, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "it shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"its certificate is for {Names(certificate)}, not for {name}";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? default;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) return $"its certificate is valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}";
        return "its certificate does not come from an authority that is trusted here";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var listed = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => $"{a}"))).Take(5);
        return string.Join(", ", listed) is { Length: > 0 } names ? names : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }
}
