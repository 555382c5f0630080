// RFC 8839 section 5 (ICE attributes), RFC 8842 (DTLS), RFC 5761 (rtcp-mux): what an m= line says about how to reach it.
using System.Collections.Immutable;

namespace SipStreamApp.Media.Sdp;

/// <summary>ICE and DTLS parameters of one m= line; what the line leaves out is taken from the session level.</summary>
internal sealed record SdpTransport
{
    public string? IceUfrag { get; init; }

    public string? IcePwd { get; init; }

    public bool IceLite { get; init; }

    public bool Trickle { get; init; }

    public ImmutableArray<IceCandidateLine> Candidates { get; init; } = [];

    public bool EndOfCandidates { get; init; }

    public ImmutableArray<DtlsFingerprint> Fingerprints { get; init; } = [];

    public DtlsSetup Setup { get; init; }

    public static SdpTransport Read(SdpSession session, SdpMedia media)
    {
        var (own, all) = (media.Attributes, session.Attributes);
        var fingerprints = ReadFingerprints(own);
        var options = $" {own.Find("ice-options")} {all.Find("ice-options")} ";
        return new()
        {
            IceUfrag = Bounded(own.Find("ice-ufrag") ?? all.Find("ice-ufrag"), 4),
            IcePwd = Bounded(own.Find("ice-pwd") ?? all.Find("ice-pwd"), 22),
            IceLite = all.Has("ice-lite"),
            Trickle = options.Contains(" trickle ", StringComparison.Ordinal),
            Candidates = ReadCandidates(own),
            EndOfCandidates = own.Has("end-of-candidates") || all.Has("end-of-candidates"),
            Fingerprints = fingerprints.IsEmpty ? ReadFingerprints(all) : fingerprints,
            Setup = (own.Find("setup") ?? all.Find("setup"))?.ToLowerInvariant() switch
            {
                "actpass" => DtlsSetup.ActPass,
                "active" => DtlsSetup.Active,
                "passive" => DtlsSetup.Passive,
                "holdconn" => DtlsSetup.HoldConn,
                _ => DtlsSetup.None,
            },
        };
    }

    // RFC 8839 section 5.4: 4 to 256 and 22 to 256 characters of the ice-char set.
    private static string? Bounded(string? value, int min)
    {
        if (value is null || value.Length < min || value.Length > 256) return null;
        foreach (var c in value) if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/' or '=' or '-' or '_')) return null;
        return value;
    }

    private static ImmutableArray<IceCandidateLine> ReadCandidates(SdpAttributes attributes)
    {
        var list = ImmutableArray.CreateBuilder<IceCandidateLine>();
        foreach (var value in attributes.All("candidate")) if (IceCandidateLine.TryParse(value, out var c)) list.Add(c);
        return list.ToImmutable();
    }

    private static ImmutableArray<DtlsFingerprint> ReadFingerprints(SdpAttributes attributes)
    {
        var list = ImmutableArray.CreateBuilder<DtlsFingerprint>();
        foreach (var value in attributes.All("fingerprint")) if (DtlsFingerprint.TryParse(value, out var f)) list.Add(f);
        return list.ToImmutable();
    }
}
