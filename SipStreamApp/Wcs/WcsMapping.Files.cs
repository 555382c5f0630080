using System.Globalization;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Wcs;

/// <summary>HTTP addresses and recordings.</summary>
internal sealed partial class WcsMapping
{
    // Which of our addresses a port of theirs moves; 0: one more address. (WebSocket and REST are one application here, on all addresses.)
    private static readonly (string[] Keys, string Scheme, int Instead)[] Ports =
    [
        (["ws.port"], "http", 8080), (["http.port"], "http", 8081), (["hls.http.port", "hls.port"], "http", 0),
        (["wss.port"], "https", 8443), (["https.port"], "https", 8444), (["hls.https.port"], "https", 0),
    ];

    private void Addresses()
    {
        var urls = _place.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        var host = urls.Select(u => Uri.TryCreate(u.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri.Host : null)
            .FirstOrDefault(h => h is not null) ?? "127.0.0.1";
        var taken = new List<string>();
        foreach (var (keys, scheme, instead) in Ports)
        {
            if (keys.FirstOrDefault(k => Value(k) is not null) is not { } key) continue;
            if (Number(Value(key)) is not (> 0 and <= 65535 and var port)) Refuse(key, "it must be a port from 1 to 65535");
            else if (scheme == "https" && !_place.HasCertificate)
                Refuse(key, $"HTTPS needs a certificate: set Kestrel:Certificates:Default:Path and :Password, and {scheme}://{host}:{port} in Urls");
            else
            {
                urls.RemoveAll(u => instead != 0 && u.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase) && u.EndsWith($":{instead}", StringComparison.Ordinal));
                if (!urls.Any(u => u.EndsWith($":{port}", StringComparison.Ordinal))) urls.Add($"{scheme}://{host}:{port}");
                taken.Add(key);
            }
        }

        foreach (var key in taken) Map(key, "Urls", string.Join(';', urls));
        foreach (var key in (string[])["ws.address", "wss.address", "http.address", "https.address", "hls.address"])
            if (Value(key) is not null) Refuse(key, $"the addresses of Urls are kept ({host}): open them to a network there, behind a login");
        foreach (var key in _given.Keys.Where(k => k.Contains("keystore", StringComparison.Ordinal) || k.EndsWith(".cert.password", StringComparison.Ordinal))) Refuse(key, "Java key stores are not read: set Kestrel:Certificates:Default:Path (PEM or PFX)");
    }

    private void Recording()
    {
        var general = Value("record_streams") is { } streams ? Flag(streams) : true;
        if (Value("sip_record_stream") is { } sip)
        {
            if (Flag(sip) is { } record) Map("sip_record_stream", "Recording:RecordCalls", record && general != false ? "true" : "false");
            else Refuse("sip_record_stream", "it must be true or false");
        }

        if (general == false) Map("record_streams", "Recording:RecordCalls", "false");
        Copy("record_dir", "Recording:Directory");
        Names();
        Rotation();
        if (Value("on_record_hook_script") is not { } script) return;
        if (Path.IsPathRooted(script) && _place.FileExists(script)) Map("on_record_hook_script", "Recording:AfterRecordProgram", script);
        else Refuse("on_record_hook_script", "there is no such file here; copy the script and name it with its full path in Recording:AfterRecordProgram");
    }

    private void Names()
    {
        var template = Value("stream_record_policy_template");
        if (Value("stream_record_policy") is { } policy)
        {
            if (policy.Equals("streamName", StringComparison.OrdinalIgnoreCase)) Map("stream_record_policy", "Recording:NameTemplate", "{streamName}");
            else Drop("stream_record_policy", "names are always made by Recording:NameTemplate");
        }

        if (template is null) return;
        if (_settings.ContainsKey("Recording:NameTemplate"))
        {
            Drop("stream_record_policy_template", "stream_record_policy is streamName");
            return;
        }

        // A call without a browser has no session but itself.
        var ours = template.Replace("{sessionId}", "{callId}", StringComparison.Ordinal);
        if (RecordingName.Check(ours) is { } wrong) Refuse("stream_record_policy_template", $"Recording:NameTemplate cannot be this: it {wrong}");
        else Map("stream_record_policy_template", "Recording:NameTemplate", ours);
    }

    // "20M" megabytes, or seconds.
    private void Rotation()
    {
        if (Value("record_rotation") is not { } rotation || rotation is "disabled" or "false" or "0") return;
        var isSize = rotation.EndsWith('M') || rotation.EndsWith('m');
        if (Number(isSize ? rotation[..^1] : rotation) is not { } amount) Refuse("record_rotation", "it must be seconds, or megabytes such as 20M");
        else if (isSize) Map("record_rotation", "Recording:RotationMegabytes", amount.ToString(CultureInfo.InvariantCulture));
        else Map("record_rotation", "Recording:RotationMinutes", ((amount + 59) / 60).ToString(CultureInfo.InvariantCulture));
    }
}
