using System.Globalization;
using System.Net;
using SipStreamApp.Hosting;

namespace SipStreamApp.Wcs;

/// <summary>What the mapping has to know of the place it runs in.</summary>
/// <param name="Urls">The addresses listened on so far (key Urls).</param>
/// <param name="HasCertificate">True where HTTPS has a certificate (Kestrel:Certificates:Default).</param>
/// <param name="FileExists">Whether a file is there.</param>
internal sealed record MigrationPlace(string Urls, bool HasCertificate, Func<string, bool> FileExists);

/// <summary>Turns settings of Web Call Server into ours. Pure; nothing of the file is left without a word.</summary>
internal sealed partial class WcsMapping
{
    private readonly MigrationPlace _place;
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _settings = [];
    private readonly Dictionary<string, MigrationNote> _notes = new(StringComparer.Ordinal);

    private WcsMapping(MigrationPlace place) => _place = place;

    public static MigrationReport Map(string file, IReadOnlyList<PropertyLine> lines, MigrationPlace place)
    {
        var mapping = new WcsMapping(place);

        // As in Java, the last of several lines with one key counts.
        foreach (var line in lines) mapping._given[line.Key] = line.Value;
        mapping.Direct();
        mapping.Media();
        mapping.Sip();
        mapping.Addresses();
        mapping.Recording();
        mapping.Hooks();
        mapping.Rest();
        return new MigrationReport(file, mapping._settings, [.. mapping._given.Keys.Select(k => mapping._notes[k])]);
    }

    private void Direct()
    {
        Copy("rtmp_transponder_stream_name_prefix", "Push:NamePrefix");
        Copy("user_agent", "Sip:UserAgent");
        Copy("rest_request_timeout", "Hooks:TimeoutSeconds");
        if (Value("rest_access_control_allow_origin") is not { } origin) return;
        if (OriginRule.TryParse([origin], out _, out _)) Map("rest_access_control_allow_origin", "Cors:Origins", origin);
        else Refuse("rest_access_control_allow_origin", "it is neither * nor a list of origins; Cors:Origins names them");
    }

    private void Media()
    {
        if (Value("ip") is { } ip)
        {
            if (IPAddress.TryParse(ip, out var address) && !address.Equals(IPAddress.Any)) Map("ip", "Media:PublicAddress", ip);
            else Refuse("ip", "Media:PublicAddress must be an IP address");
        }

        var (from, to) = (Value("media_port_from"), Value("media_port_to"));
        if (from is not null || to is not null)
        {
            // Where one of them is not written, Web Call Server has its default.
            var range = $"{from ?? "31001"}-{to ?? "32000"}";
            foreach (var key in (string[])["media_port_from", "media_port_to"]) if (Value(key) is not null) Map(key, "Media:RtpPorts", range);
        }

        // "true,60": whether silence ends a call, and after how many seconds.
        if (Value("rtp_activity_detecting") is { } detecting)
        {
            var parts = detecting.Split(',', StringSplitOptions.TrimEntries);
            if (parts is ["true", var seconds]) Map("rtp_activity_detecting", "Media:SilenceTimeoutSeconds", seconds);
            else if (parts[0] == "true") Drop("rtp_activity_detecting", "silence always ends a call; Media:SilenceTimeoutSeconds says after how long");
            else Refuse("rtp_activity_detecting", "a call without any RTP always ends; Media:SilenceTimeoutSeconds can be up to 3600");
        }

        Codecs();
    }

    // Defaults for every call, which are said with each call here, and classes of the customer's own.
    private void Sip()
    {
        foreach (var (key, field) in ((string, string)[])[("domain", "sipDomain"), ("outbound_proxy", "sipOutboundProxy"), ("outbound_port", "sipPort")])
            if (Value(key) is not null) Refuse(key, $"say {field} with each call, or save an account on the page Accounts");
        if (Value("video_enabled") is { } video)
        {
            if (Flag(video) == false) Refuse("video_enabled", "say hasVideo=false with each call; a call offers sound and picture where nothing is said");
            else Drop("video_enabled", "hasVideo of each call says so");
        }

        if (Value("dtmf") is { } keys)
        {
            if (keys.Equals("rfc2833", StringComparison.OrdinalIgnoreCase)) Drop("dtmf", "keys go by RFC 2833 where a request has no type");
            else Refuse("dtmf", "keys go by RFC 2833 where a request has no type: say type INFO with each /call/send_dtmf");
        }

        foreach (var key in (string[])["sip_msg_listener", "call_record_listener"])
        {
            if (Value(key) is not { } type) continue;
            if (type.StartsWith("com.flashphoner.server.", StringComparison.Ordinal)) Drop(key, "it names a part of Web Call Server itself");
            else Refuse(key, "Java classes of your own are not loaded: Hooks:Apps and Webhook:Url tell your program what happens");
        }
    }

    private void Codecs()
    {
        if (Value("codecs") is not { } codecs) return;
        var without = Words(Value("codecs_exclude_sip") ?? "");
        var names = Words(codecs).Where(c => !without.Contains(c)).ToList();
        var audio = Ours(names, [("opus", "opus"), ("ulaw", "PCMU"), ("pcmu", "PCMU"), ("alaw", "PCMA"), ("pcma", "PCMA"), ("g722", "G722")]);
        var video = Ours(names, [("h264", "H264"), ("vp8", "VP8")]);
        if (audio.Length == 0 || video.Length == 0)
        {
            Refuse("codecs", "none of its codecs of sound, or none of picture, is one of ours: see Media:AudioCodecs and Media:VideoCodecs");
            return;
        }

        Map("codecs", "Media:AudioCodecs", audio);
        Map("codecs", "Media:VideoCodecs", video);
        if (Value("codecs_exclude_sip") is not null) Drop("codecs_exclude_sip", "what it names is left out of Media:AudioCodecs and Media:VideoCodecs");
        foreach (var key in _given.Keys.Where(k => k.StartsWith("codecs_exclude_", StringComparison.Ordinal) && k != "codecs_exclude_sip"))
            Drop(key, "each output takes the codecs it can carry");
    }

    private void Hooks()
    {
        if (Value("disable_rest_requests") is { } off)
        {
            if (Flag(off) is { } isOff) Map("disable_rest_requests", "Hooks:Enabled", isOff ? "false" : "true");
            else Refuse("disable_rest_requests", "it must be true or false");
        }

        // The key alone does nothing in Web Call Server either.
        if (Value("rest_hook_secret_key") is { } secret)
        {
            if (Flag(Value("rest_hook_send_hash") ?? "") == true) Map("rest_hook_secret_key", "Hooks:Secret", secret);
            else Drop("rest_hook_secret_key", "rest_hook_send_hash is not true");
        }

        if (Value("rest_hook_send_hash") is not null) Drop("rest_hook_send_hash", "hooks carry the hash where Hooks:Secret is set");
        if (Value("disable_rest_auth") is { } open)
        {
            if (Flag(open) == false) Refuse("disable_rest_auth", "its users are not read: make API keys on the page Users & keys, and set Security:RequireLogin where this machine itself is to be asked, too");
            else Drop("disable_rest_auth", "this machine itself may call without a key; where others can reach the server, API keys are needed unless Security:AllowAnonymousRest is true");
        }

        if (Value("hls_auth_enabled") is { } token && Flag(token) == true) Refuse("hls_auth_enabled", "no backend is asked for tokens of HLS addresses: Playback:Access \"link\" closes streams to all but signed links");
    }

    // What is left: known and not needed, or not known.
    private void Rest()
    {
        foreach (var (key, value) in _given)
        {
            if (_notes.ContainsKey(key)) continue;
            if (WcsKeys.WhyNot(key) is { } why) Drop(key, why);
            else if (value.Length == 0) Drop(key, "it has no value");
            else _notes[key] = new(key, MigrationResult.Unknown, "");
        }
    }

    private void Copy(string key, string ours)
    {
        if (Value(key) is { } value) Map(key, ours, value);
    }

    private string? Value(string key) => _given.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private void Map(string key, string ours, string value)
    {
        _settings[ours] = value;
        var text = ours.EndsWith("Secret", StringComparison.Ordinal) ? ours : $"{ours}={value}";
        _notes[key] = new(key, MigrationResult.Mapped, _notes.TryGetValue(key, out var before) && before.Result == MigrationResult.Mapped ? $"{before.Text} {text}" : text);
    }

    private void Drop(string key, string why) => _notes[key] = new(key, MigrationResult.NotNeeded, why);

    private void Refuse(string key, string why) => _notes[key] = new(key, MigrationResult.NotTaken, why);

    private static bool? Flag(string text) => bool.TryParse(text, out var flag) ? flag : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static List<string> Words(string text) => [.. text.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static string Ours(IEnumerable<string> names, (string Theirs, string Ours)[] known) =>
        string.Join(',', names.SelectMany(n => known.Where(k => k.Theirs == n).Select(k => k.Ours)).Distinct());
}
