using SipStreamApp.Hooks;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Recording;
using SipStreamApp.Security.Modes;
using SipStreamApp.Telemetry;
using SipStreamApp.Webhook;

namespace SipStreamApp.Hosting;

/// <summary>Turns configuration into checked settings. Reports every problem at once.</summary>
internal static class SettingsLoader
{
    /// <exception cref="StartupProblemException">Something is wrong; it lists all of it.</exception>
    public static AppSettings Load(IConfiguration configuration, string startDirectory)
    {
        var read = new SettingsReader(configuration);
        CheckUrls(read);
        var folder = read.Text("Data:Directory", "data");
        if (folder.Length == 0) folder = "data";
        var data = Path.GetFullPath(folder, startDirectory);
        var connection = read.Text("Data:Connection", "");
        if (connection.Length == 0) connection = $"Data Source={Path.Combine(data, "sipstreamapp.db")}";

        var security = SecuritySettings.Read(read, configuration);
        var engine = new EngineOptions
        {
            DataDirectory = data,
            Sip = Sip(read),
            Media = Media(read),
            WebRtc = new WebRtcOptions
            {
                Address = read.Address("WebRtc:Address", "0.0.0.0", mayBeEmpty: false),
                Port = read.Number("WebRtc:Port", 8189, 0, 65535),
            },
            Push = Push(read),
            Outgoing = OutgoingSettings.Read(read, security.LoginRequired),
            Calls = new CallsOptions
            {
                AllowedCallees = string.Join(',', read.List("Calls:AllowedCallees")),
                AllowedDomains = string.Join(',', read.List("Calls:AllowedDomains")),
            },
            Recording = Recording(read, startDirectory),
            Limits = new LimitsOptions
            {
                Calls = read.Number("Limits:Calls", 500, 1, 10_000),
                Viewers = read.Number("Limits:Viewers", 2000, 1, 100_000),
                Pushes = read.Number("Limits:Pushes", 100, 1, 1000),
                CallsPerKey = read.Number("Limits:CallsPerKey", 100, 0, 10_000),
                CallsPerKeyPerMinute = read.Number("Limits:CallsPerKeyPerMinute", 120, 0, 100_000),
                CpuPercent = read.Number("Limits:CpuPercent", 0, 0, 100),
            },
        };

        if (!OriginRule.TryParse(read.List("Cors:Origins"), out var origins, out var wrong))
            read.Wrong("Cors:Origins", wrong ?? "", "\"loopback\", \"*\" or origins such as https://www.example.org, separated by commas");
        var hooks = HookSettings.Read(read);
        var webhook = WebhookSettings.Read(read);
        var telemetry = TelemetrySettings.Read(read);
        var guard = OutgoingSettings.Guard(read, engine, hooks, webhook);
        var clients = read.Number("Signalling:MaxSessions", 2000, 1, 100_000);
        var keep = TimeSpan.FromSeconds(read.Number("Signalling:KeepAliveSeconds", 60, 0, 86_400));
        var shutdown = TimeSpan.FromSeconds(read.Number("Shutdown:TimeoutSeconds", 10, 1, 300));
        var days = read.Number("History:RetentionDays", 30, 0, 36_500);
        CheckFolder(data, read);
        if (read.Problems.Count > 0) throw new StartupProblemException(read.Problems);
        return new AppSettings(engine, data, connection, origins)
        {
            Security = security, ShutdownTimeout = shutdown, Hooks = hooks, Webhook = webhook, Outgoing = guard, Telemetry = telemetry, MaxClientSessions = clients,
            HistoryDays = days, KeepClientsFor = keep,
        };
    }

    private static SipOptions Sip(SettingsReader read)
    {
        var agent = read.Text("Sip:UserAgent", "SipStreamApp");
        if (agent.Length is 0 or > 100 || agent.Any(char.IsControl))
            read.Wrong("Sip:UserAgent", agent, "1 to 100 characters without line breaks");
        var authorities = read.Text("Sip:TlsAuthorities", "");
        if (authorities.Length > 0 && !File.Exists(authorities)) read.Wrong("Sip:TlsAuthorities", authorities, "a PEM file that is there");
        return new SipOptions
        {
            Address = read.Address("Sip:Address", "0.0.0.0", mayBeEmpty: false),
            Port = read.Number("Sip:Port", 5062, 0, 65535),
            UserAgent = agent,
            RingTimeoutSeconds = read.Number("Sip:RingTimeoutSeconds", 120, 5, 600),
            RegistrationExpirySeconds = read.Number("Sip:RegistrationExpirySeconds", 300, 60, 86_400),
            TlsAuthorities = authorities,
            TlsVerify = read.Flag("Sip:TlsVerify", true),
            DemoCallee = read.Flag("Sip:DemoCallee", true),
        };
    }

    private static MediaOptions Media(SettingsReader read) => new()
    {
        PublicAddress = read.Address("Media:PublicAddress", "", mayBeEmpty: true),
        RtpPorts = read.PortRange("Media:RtpPorts", "30000-31000"),
        AudioCodecs = read.Codecs("Media:AudioCodecs", "opus,PCMU,PCMA,G722", ["opus", "PCMU", "PCMA", "G722"]),
        VideoCodecs = read.Codecs("Media:VideoCodecs", "H264,VP8", ["H264", "VP8"]),
        JitterBufferMs = read.Number("Media:JitterBufferMs", 60, 0, 500),
        Ffmpeg = read.Text("Media:Ffmpeg", "ffmpeg"),
        SilenceTimeoutSeconds = read.Number("Media:SilenceTimeoutSeconds", 30, 5, 3600),
    };

    private static PushOptions Push(SettingsReader read)
    {
        var prefix = read.Text("Push:NamePrefix", "rtmp_");
        if (prefix.Length > 32 || prefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
            read.Wrong("Push:NamePrefix", prefix, "up to 32 letters, digits, dots, underscores or hyphens");
        return new PushOptions
        {
            NamePrefix = prefix,
            AudioKbps = read.Number("Push:AudioKbps", 96, 16, 320),
            VerifyCertificates = read.Flag("Push:VerifyCertificates", true),
        };
    }

    private static RecordingOptions Recording(SettingsReader read, string startDirectory)
    {
        var folder = read.Text("Recording:Directory", "");
        var template = read.Text("Recording:NameTemplate", "{streamName}-{startTime}");
        if (RecordingName.Check(template) is { } wrong) read.Wrong("Recording:NameTemplate", template, $"a name with variables; it {wrong}");
        var program = read.Text("Recording:AfterRecordProgram", "");
        if (program.Length > 0 && !File.Exists(program)) read.Wrong("Recording:AfterRecordProgram", program, "the path of a program that is there, or empty");
        var url = read.Text("Recording:AfterRecordUrl", "");
        if (url.Length > 0 && (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            read.Wrong("Recording:AfterRecordUrl", url, "an http or https address, or empty");
        return new RecordingOptions
        {
            RecordCalls = read.Flag("Recording:RecordCalls", false),
            Directory = folder.Length == 0 ? "" : Path.GetFullPath(folder, startDirectory),
            NameTemplate = template,
            RotationMegabytes = read.Number("Recording:RotationMegabytes", 0, 0, 1_000_000),
            RotationMinutes = read.Number("Recording:RotationMinutes", 0, 0, 10_080),
            MinFreeMegabytes = read.Number("Recording:MinFreeMegabytes", 500, 0, 100_000_000),
            RetentionDays = read.Number("Recording:RetentionDays", 0, 0, 36_500),
            FinishingJobs = read.Number("Recording:FinishingJobs", 1, 1, 16),
            AfterRecordProgram = program,
            AfterRecordUrl = url,
            AfterRecordTimeoutSeconds = read.Number("Recording:AfterRecordTimeoutSeconds", 30, 1, 3600),
        };
    }

    private static void CheckUrls(SettingsReader read)
    {
        foreach (var url in read.Text("Urls", "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // "http://*:8080" and "http://+:8080" mean all addresses to Kestrel; Uri does not know them.
            var plain = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                read.Wrong("Urls", url, "addresses such as http://127.0.0.1:8080, separated by semicolons, ports 0-65535");
        }
    }

    private static void CheckFolder(string path, SettingsReader read)
    {
        try
        {
            // The keys are needed by every page and by saved passwords; the database beside them is not.
            Directory.CreateDirectory(Path.Combine(path, "keys"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            read.Problems.Add($"Data:Directory is \"{path}\", and the folder keys cannot be made in it: {e.Message}");
        }
    }
}
