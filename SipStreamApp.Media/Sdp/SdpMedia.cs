// RFC 8866 section 5.14: m=<media> <port>[/<number of ports>] <proto> <fmt> ...
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>A line the model has no field for (i=, k=, r= and the like).</summary>
internal readonly record struct SdpLine(char Type, string Value);

/// <summary>A b= line; AS and CT count in kilobits, TIAS in bits.</summary>
internal readonly record struct SdpBandwidth(string Type, long Value);

/// <summary>One media description.</summary>
internal sealed class SdpMedia
{
    /// <summary>The medium as written: audio, video, application, image, message.</summary>
    public string Type { get; set; } = "audio";

    public int Port { get; set; }

    public int PortCount { get; set; } = 1;

    public string Protocol { get; set; } = SdpProtocol.Avp;

    /// <summary>Payload types, or other words for media that are not RTP.</summary>
    public List<string> Formats { get; init; } = [];

    public SdpConnection? Connection { get; set; }

    public List<SdpBandwidth> Bandwidths { get; init; } = [];

    public SdpAttributes Attributes { get; } = new();

    public List<SdpLine> Extra { get; init; } = [];

    /// <summary>Line of the m= in the text it was read from, from 1; 0 where built here.</summary>
    public int Line { get; init; }

    public MediaKind? Kind => Type.ToLowerInvariant() switch
    {
        "audio" => MediaKind.Audio,
        "video" => MediaKind.Video,
        _ => null,
    };

    public string? Mid => Attributes.Find("mid");

    public bool RtcpMux => Attributes.Has("rtcp-mux");

    /// <summary>b=AS or TIAS in kilobits per second; 0 where not said.</summary>
    public int BandwidthKbps
    {
        get
        {
            long kbps = 0;
            foreach (var b in Bandwidths)
            {
                if (b.Type.Equals("AS", StringComparison.OrdinalIgnoreCase)) kbps = b.Value;
                else if (kbps == 0 && b.Type.Equals("TIAS", StringComparison.OrdinalIgnoreCase)) kbps = b.Value / 1000;
            }

            return (int)Math.Clamp(kbps, 0, int.MaxValue);
        }
    }

    /// <summary>a=ptime in milliseconds (some write 20.0); 0 where not said.</summary>
    public int PacketTimeMs => Milliseconds("ptime");

    /// <summary>a=maxptime in milliseconds; 0 where not said.</summary>
    public int MaxPacketTimeMs => Milliseconds("maxptime");

    private int Milliseconds(string name)
    {
        var text = Attributes.Find(name) ?? "";
        var dot = text.IndexOf('.');
        return SdpText.Int(dot < 0 ? text : text.AsSpan(0, dot), 1, 10_000, out var ms) ? ms : 0;
    }
}
