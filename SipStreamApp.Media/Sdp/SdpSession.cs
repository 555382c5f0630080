// RFC 8866 section 5: a session description.
using System.Net;

namespace SipStreamApp.Media.Sdp;

/// <summary>o=: who made the description; id and version stay text, for browsers write 64-bit numbers and others worse.</summary>
internal readonly record struct SdpOrigin(string User, string Id, string Version, SdpConnection Address)
{
    public static readonly SdpOrigin Unknown = new("-", "0", "0", new SdpConnection(IPAddress.Any));

    public override string ToString() => $"{User} {Id} {Version} {Address}";
}

/// <summary>A parsed or built session description.</summary>
internal sealed class SdpSession
{
    public SdpOrigin Origin { get; set; } = SdpOrigin.Unknown;

    public string Name { get; set; } = "-";

    public SdpConnection? Connection { get; set; }

    public List<SdpBandwidth> Bandwidths { get; init; } = [];

    /// <summary>t= lines; written as "0 0" where none was read.</summary>
    public List<string> Times { get; init; } = [];

    public SdpAttributes Attributes { get; } = new();

    public List<SdpLine> Extra { get; init; } = [];

    public List<SdpMedia> Media { get; init; } = [];

    /// <summary>The media line's own direction, else the session's, else sendrecv (RFC 8866 section 6.7).</summary>
    public SdpDirection DirectionOf(SdpMedia media) =>
        SdpDirections.Find(media.Attributes) ?? SdpDirections.Find(Attributes) ?? SdpDirection.SendRecv;

    /// <summary>The media line's own c=, else the session's.</summary>
    public SdpConnection? ConnectionOf(SdpMedia media) => media.Connection ?? Connection;

    /// <summary>Mids of the first a=group:BUNDLE line (RFC 8843 section 7); empty where there is none.</summary>
    public IReadOnlyList<string> Bundle
    {
        get
        {
            foreach (var group in Attributes.All("group"))
            {
                var words = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 0 && words[0].Equals("BUNDLE", StringComparison.OrdinalIgnoreCase)) return words[1..];
            }

            return [];
        }
    }

    public override string ToString() => SdpWriter.Write(this);
}
