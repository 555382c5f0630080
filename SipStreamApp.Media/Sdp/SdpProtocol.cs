namespace SipStreamApp.Media.Sdp;

/// <summary>The RTP profiles of m= lines (RFC 3551, 3711, 4585, 5124, 5764).</summary>
internal static class SdpProtocol
{
    public const string Avp = "RTP/AVP";
    public const string Avpf = "RTP/AVPF";
    public const string Savp = "RTP/SAVP";
    public const string Savpf = "RTP/SAVPF";
    public const string DtlsSavpf = "UDP/TLS/RTP/SAVPF";
    public const string DtlsSavp = "UDP/TLS/RTP/SAVP";

    /// <summary>RTP in the clear.</summary>
    public static bool IsPlainRtp(string protocol) => Same(protocol, Avp) || Same(protocol, Avpf);

    /// <summary>SRTP with keys in a=crypto (or, in old WebRTC offers, in DTLS).</summary>
    public static bool IsSecureRtp(string protocol) => Same(protocol, Savp) || Same(protocol, Savpf);

    /// <summary>SRTP with keys from DTLS.</summary>
    public static bool IsDtls(string protocol) => Same(protocol, DtlsSavpf) || Same(protocol, DtlsSavp);

    public static bool IsRtp(string protocol) => IsPlainRtp(protocol) || IsSecureRtp(protocol) || IsDtls(protocol);

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
