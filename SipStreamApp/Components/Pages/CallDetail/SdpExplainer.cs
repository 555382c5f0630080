// RFC 8866 (SDP), RFC 3264 (offer/answer), RFC 3551 (static payload types), RFC 4585 (rtcp-fb), RFC 6184 (H.264), RFC 8122 and 4568 (keys).
using System.Globalization;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.CallDetail;

/// <summary>A line of a session description with its meaning.</summary>
internal sealed record ExplainedLine(string Text, string Words, bool IsMedia);

/// <summary>Says in words what each line of a session description means. Pure.</summary>
internal static class SdpExplainer
{
    private static readonly Dictionary<string, string> StaticTypes = new()
    {
        ["0"] = "PCMU", ["3"] = "GSM", ["4"] = "G723", ["8"] = "PCMA", ["9"] = "G722", ["18"] = "G729", ["34"] = "H263",
    };

    public static IReadOnlyList<ExplainedLine> Explain(string sdp)
    {
        var lines = sdp.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = new Dictionary<string, string>(StaticTypes);
        foreach (var line in lines)
            if (line.StartsWith("a=rtpmap:", StringComparison.Ordinal) && line[9..].Split(' ', 2) is [var type, var map]) names[type] = map.Split('/')[0];
        return [.. lines.Select(l => new ExplainedLine(l, l.Length > 2 && l[1] == '=' ? Words(l[0], l[2..], names) : "", l.StartsWith("m=", StringComparison.Ordinal)))];
    }

    private static string Words(char type, string value, Dictionary<string, string> names) => type switch
    {
        'v' => L("Version of the format: always 0"),
        'o' => value.Split(' ') is [_, var id, var version, _, _, var host] ? L("Made at {0}; session {1}, version {2}: a higher version is a change", host, id, version) : L("Who made this description"),
        's' => L("Name of the session; in calls it says nothing"),
        'i' => L("Title for people"),
        'u' or 'e' or 'p' => L("Where to read or ask more"),
        'c' => value.Split(' ') is [_, _, var host] ? (host == "0.0.0.0" ? L("No address: the old way to put on hold") : L("Media go to {0}", host)) : L("Address media go to"),
        'b' => Bandwidth(value),
        't' => value == "0 0" ? L("Not bound to a time") : L("When the session takes place"),
        'm' => Medium(value, names),
        'a' => Attribute(value, names),
        'k' => L("Key: an old way, not used"),
        _ => "",
    };

    private static string Bandwidth(string value) => value.Split(':') switch
    {
        ["AS", var kbps] => L("At most {0} kbit/s", kbps),
        ["TIAS", var bps] when long.TryParse(bps, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => L("At most {0} kbit/s, headers not counted", n / 1000),
        ["CT", var kbps] => L("At most {0} kbit/s for all media together", kbps),
        _ => L("Bandwidth"),
    };

    private static string Medium(string value, Dictionary<string, string> names)
    {
        if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var kind, var port, var protocol, .. var types]) return L("A medium");
        var what = kind switch { "audio" => L("Sound"), "video" => L("Picture"), _ => kind };
        if (port == "0") return L("{0}: refused or switched off (port 0)", what);
        var codecs = string.Join(", ", types.Select(t => names.TryGetValue(t, out var name) ? $"{name} ({t})" : t));
        var way = protocol switch
        {
            "RTP/AVP" => L("by RTP"),
            "RTP/AVPF" => L("by RTP with quick feedback"),
            "RTP/SAVP" or "RTP/SAVPF" => L("by encrypted RTP, keys in the signalling"),
            "UDP/TLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" => L("by encrypted RTP, keys by DTLS"),
            _ => L("by {0}", protocol),
        };
        return L("{0} at port {1}, {2}; in order of preference: {3}", what, port, way, codecs);
    }

    private static string Attribute(string value, Dictionary<string, string> names)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var (name, rest) = colon < 0 ? (value, "") : (value[..colon], value[(colon + 1)..]);
        var (type, more) = rest.Split(' ', 2) is [var t, var m] ? (t, m) : (rest, "");
        var codec = names.TryGetValue(type, out var known) ? known : type;
        return name switch
        {
            "sendrecv" => L("Both send and receive"),
            "sendonly" => L("Only sends: hold with music, a camera or an announcement"),
            "recvonly" => L("Only receives"),
            "inactive" => L("Neither sends nor receives: hold"),
            "rtpmap" => more.Split('/') is [var encoding, var clock, .. var channels] ? (channels is [var n] ? L("Number {0} means {1}, clock {2} Hz, {3} channels", type, encoding, clock, n) : L("Number {0} means {1}, clock {2} Hz", type, encoding, clock)) : L("What number {0} means", type),
            "fmtp" => Parameters(codec, more),
            "ptime" => L("Packets of {0} ms", rest),
            "maxptime" => L("Packets of at most {0} ms", rest),
            "rtcp" => rest.Contains(' ', StringComparison.Ordinal) ? L("RTCP at {0}", rest) : L("RTCP at port {0}", rest),
            "rtcp-mux" => L("RTP and RTCP on one port"),
            "rtcp-rsize" => L("Short RTCP packets are fine"),
            "rtcp-fb" => Feedback(type == "*" ? L("every codec") : codec, more),
            "ssrc" => L("Source number of its packets: {0}", type),
            "crypto" => L("Key of the encryption, masked here"),
            "fingerprint" => L("Fingerprint of the certificate for DTLS"),
            "setup" => L("Who begins DTLS: {0}", rest),
            "ice-ufrag" or "ice-pwd" or "ice-lite" or "ice-options" => L("ICE: how a way through NAT is found"),
            "candidate" => L("ICE: an address it can be tried at"),
            "end-of-candidates" => L("ICE: there are no more"),
            "mid" => L("Name of this medium: {0}", rest),
            "group" => L("Belong together: {0}", rest),
            "extmap" => L("Extra header {0}: {1}", type, more),
            "framerate" => L("{0} pictures a second", rest),
            "imageattr" => L("Picture sizes it can do"),
            "content" => L("Shows: {0}", rest),
            "label" => L("Label {0}", rest),
            "msid" => L("Which stream and track a browser makes of it"),
            "direction" or "nortpproxy" or "oldmediaip" => L("Note of a proxy or of an old device"),
            _ => L("An attribute this page has no words for"),
        };
    }

    private static string Parameters(string codec, string text)
    {
        if (codec.Equals("telephone-event", StringComparison.OrdinalIgnoreCase)) return L("Keys that can be sent: {0}", text);
        var words = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2) switch
        {
            ["profile-level-id", var hex] => Profile(hex),
            ["packetization-mode", "0"] => L("one NAL unit a packet"),
            ["packetization-mode", "1"] => L("pictures may be cut into packets"),
            ["useinbandfec", "1"] => L("with forward error correction"),
            ["useinbandfec", "0"] => L("without forward error correction"),
            ["usedtx", "1"] => L("silence is not sent"),
            ["stereo", "1"] => L("stereo"),
            ["sprop-stereo", "1"] => L("sends stereo"),
            ["maxplaybackrate", var hz] => L("plays up to {0} Hz", hz),
            ["maxaveragebitrate", var bps] => L("at most {0} bit/s", bps),
            ["sprop-parameter-sets", _] => L("parameter sets come with the description"),
            ["level-asymmetry-allowed", "1"] => L("each side its own level"),
            ["max-fs", var fs] => L("pictures of at most {0} blocks", fs),
            ["max-fr", var fr] => L("at most {0} pictures a second", fr),
            ["annexb", "no"] => L("without silence suppression"),
            _ => p,
        });
        return $"{codec}: {string.Join(", ", words)}";
    }

    private static string Profile(string hex)
    {
        if (hex.Length != 6 || !int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)) return L("profile {0}", hex);
        var (profile, constraints, level) = (number >> 16, number >> 8 & 0xFF, number & 0xFF);
        var name = profile switch { 66 => (constraints & 0x40) != 0 ? "constrained baseline" : "baseline", 77 => "main", 88 => "extended", 100 => "high", _ => L("profile {0}", profile) };
        return L("{0}, level {1}.{2}", name, level / 10, level % 10);
    }

    private static string Feedback(string codec, string what) => what switch
    {
        "nack" => L("{0}: lost packets may be asked for again", codec),
        "nack pli" => L("{0}: a new keyframe may be asked for (PLI)", codec),
        "ccm fir" => L("{0}: a new keyframe may be asked for (FIR)", codec),
        "ccm tmmbr" => L("{0}: a lower rate may be asked for", codec),
        "goog-remb" => L("{0}: the receiver may say what rate it can take", codec),
        "transport-cc" => L("{0}: arrival times are reported for rate control", codec),
        _ => L("{0}: feedback {1}", codec, what),
    };
}
