// RFC 8866 (SDP), RFC 3264 (offer/answer), RFC 3551 (static payload types), RFC 4585 (rtcp-fb), RFC 6184 (H.264), RFC 8122 and 4568 (keys).
using System.Globalization;

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
        'v' => "Version of the format: always 0",
        'o' => value.Split(' ') is [_, var id, var version, _, _, var host] ? $"Made at {host}; session {id}, version {version}: a higher version is a change" : "Who made this description",
        's' => "Name of the session; in calls it says nothing",
        'i' => "Title for people",
        'u' or 'e' or 'p' => "Where to read or ask more",
        'c' => value.Split(' ') is [_, _, var host] ? (host == "0.0.0.0" ? "No address: the old way to put on hold" : $"Media go to {host}") : "Address media go to",
        'b' => Bandwidth(value),
        't' => value == "0 0" ? "Not bound to a time" : "When the session takes place",
        'm' => Medium(value, names),
        'a' => Attribute(value, names),
        'k' => "Key: an old way, not used",
        _ => "",
    };

    private static string Bandwidth(string value) => value.Split(':') switch
    {
        ["AS", var kbps] => $"At most {kbps} kbit/s",
        ["TIAS", var bps] when long.TryParse(bps, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => $"At most {n / 1000} kbit/s, headers not counted",
        ["CT", var kbps] => $"At most {kbps} kbit/s for all media together",
        _ => "Bandwidth",
    };

    private static string Medium(string value, Dictionary<string, string> names)
    {
        if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var kind, var port, var protocol, .. var types]) return "A medium";
        var what = kind switch { "audio" => "Sound", "video" => "Picture", _ => kind };
        if (port == "0") return $"{what}: refused or switched off (port 0)";
        var codecs = string.Join(", ", types.Select(t => names.TryGetValue(t, out var name) ? $"{name} ({t})" : t));
        var way = protocol switch
        {
            "RTP/AVP" => "by RTP",
            "RTP/AVPF" => "by RTP with quick feedback",
            "RTP/SAVP" or "RTP/SAVPF" => "by encrypted RTP, keys in the signalling",
            "UDP/TLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" => "by encrypted RTP, keys by DTLS",
            _ => "by " + protocol,
        };
        return $"{what} at port {port}, {way}; in order of preference: {codecs}";
    }

    private static string Attribute(string value, Dictionary<string, string> names)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var (name, rest) = colon < 0 ? (value, "") : (value[..colon], value[(colon + 1)..]);
        var (type, more) = rest.Split(' ', 2) is [var t, var m] ? (t, m) : (rest, "");
        var codec = names.TryGetValue(type, out var known) ? known : type;
        return name switch
        {
            "sendrecv" => "Both send and receive",
            "sendonly" => "Only sends: hold with music, a camera or an announcement",
            "recvonly" => "Only receives",
            "inactive" => "Neither sends nor receives: hold",
            "rtpmap" => more.Split('/') is [var encoding, var clock, .. var channels] ? $"Number {type} means {encoding}, clock {clock} Hz{(channels is [var n] ? $", {n} channels" : "")}" : $"What number {type} means",
            "fmtp" => Parameters(codec, more),
            "ptime" => $"Packets of {rest} ms",
            "maxptime" => $"Packets of at most {rest} ms",
            "rtcp" => rest.Contains(' ', StringComparison.Ordinal) ? $"RTCP at {rest}" : $"RTCP at port {rest}",
            "rtcp-mux" => "RTP and RTCP on one port",
            "rtcp-rsize" => "Short RTCP packets are fine",
            "rtcp-fb" => Feedback(type == "*" ? "every codec" : codec, more),
            "ssrc" => $"Source number of its packets: {type}",
            "crypto" => "Key of the encryption, masked here",
            "fingerprint" => "Fingerprint of the certificate for DTLS",
            "setup" => $"Who begins DTLS: {rest}",
            "ice-ufrag" or "ice-pwd" or "ice-lite" or "ice-options" => "ICE: how a way through NAT is found",
            "candidate" => "ICE: an address it can be tried at",
            "end-of-candidates" => "ICE: there are no more",
            "mid" => $"Name of this medium: {rest}",
            "group" => $"Belong together: {rest}",
            "extmap" => $"Extra header {type}: {more}",
            "framerate" => $"{rest} pictures a second",
            "imageattr" => "Picture sizes it can do",
            "content" => $"Shows: {rest}",
            "label" => $"Label {rest}",
            "msid" => "Which stream and track a browser makes of it",
            "direction" or "nortpproxy" or "oldmediaip" => "Note of a proxy or of an old device",
            _ => "An attribute this page has no words for",
        };
    }

    private static string Parameters(string codec, string text)
    {
        if (codec.Equals("telephone-event", StringComparison.OrdinalIgnoreCase)) return $"Keys that can be sent: {text}";
        var words = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2) switch
        {
            ["profile-level-id", var hex] => Profile(hex),
            ["packetization-mode", "0"] => "one NAL unit a packet",
            ["packetization-mode", "1"] => "pictures may be cut into packets",
            ["useinbandfec", "1"] => "with forward error correction",
            ["useinbandfec", "0"] => "without forward error correction",
            ["usedtx", "1"] => "silence is not sent",
            ["stereo", "1"] => "stereo",
            ["sprop-stereo", "1"] => "sends stereo",
            ["maxplaybackrate", var hz] => $"plays up to {hz} Hz",
            ["maxaveragebitrate", var bps] => $"at most {bps} bit/s",
            ["sprop-parameter-sets", _] => "parameter sets come with the description",
            ["level-asymmetry-allowed", "1"] => "each side its own level",
            ["max-fs", var fs] => $"pictures of at most {fs} blocks",
            ["max-fr", var fr] => $"at most {fr} pictures a second",
            ["annexb", "no"] => "without silence suppression",
            _ => p,
        });
        return $"{codec}: {string.Join(", ", words)}";
    }

    private static string Profile(string hex)
    {
        if (hex.Length != 6 || !int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)) return $"profile {hex}";
        var (profile, constraints, level) = (number >> 16, number >> 8 & 0xFF, number & 0xFF);
        var name = profile switch { 66 => (constraints & 0x40) != 0 ? "constrained baseline" : "baseline", 77 => "main", 88 => "extended", 100 => "high", _ => $"profile {profile}" };
        return FormattableString.Invariant($"{name}, level {level / 10}.{level % 10}");
    }

    private static string Feedback(string codec, string what) => what switch
    {
        "nack" => $"{codec}: lost packets may be asked for again",
        "nack pli" => $"{codec}: a new keyframe may be asked for (PLI)",
        "ccm fir" => $"{codec}: a new keyframe may be asked for (FIR)",
        "ccm tmmbr" => $"{codec}: a lower rate may be asked for",
        "goog-remb" => $"{codec}: the receiver may say what rate it can take",
        "transport-cc" => $"{codec}: arrival times are reported for rate control",
        _ => $"{codec}: feedback {what}",
    };
}
