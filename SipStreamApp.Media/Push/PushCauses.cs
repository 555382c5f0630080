using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>What ffmpeg's last words mean, for people.</summary>
internal static class PushCauses
{
    // First match wins: the specific before the general ("Connection refused" is told twice, the second time as an I/O error).
    private static readonly (string Word, Failure Cause)[] Table =
    [
        ("Failed to resolve hostname", Net("host-not-found", "The server's name was not found", "Check the spelling of the address.")),
        ("Name or service not known", Net("host-not-found", "The server's name was not found", "Check the spelling of the address.")),
        ("Connection refused", Net("connection-refused", "The server refused the connection", "Nothing listens at that port: check the address, and that the server runs.")),
        ("No route to host", Net("no-route", "The server cannot be reached", "Check the address and the network.")),
        ("Network is unreachable", Net("no-route", "The server cannot be reached", "Check the address and the network.")),
        ("certificate", Peer("tls-failed", "The server's certificate is not trusted", "Use the name the certificate was made for, or set Push:VerifyCertificates to false for a server of your own.")),
        ("TLS", Peer("tls-failed", "The TLS handshake failed", "Check that the port speaks rtmps; plain RTMP servers need rtmp://.")),
        ("[tls @", Peer("tls-failed", "The TLS handshake failed", "Check that the port speaks rtmps; plain RTMP servers need rtmp://.")),
        ("Already publishing", Peer("already-publishing", "Somebody else already sends under this name", "Choose another name, or end the other sender.")),
        ("Server error", Peer("refused-by-server", "The server refused the stream", "Check the stream key and the application in the address.")),
        ("authmod", Peer("refused-by-server", "The server wants a login", "Give user and password as rtmp://user:password@host/app.")),
        ("401 Unauthorized", Peer("refused-by-server", "The server refused the login", "Check user and password in the address.")),
        ("403 Forbidden", Peer("refused-by-server", "The server forbids it", "Check user and password in the address.")),
        ("404 Not Found", Peer("refused-by-server", "The server does not know this path", "Check the path in the address.")),
        ("Protocol not found", Tool("protocol-missing", "This ffmpeg cannot send by this protocol", "Install an ffmpeg that was built with it, or use rtmp.")),
        ("Unknown encoder 'libx264'", Tool("encoder-missing", "The call sends VP8, and this ffmpeg cannot make H.264 of it", "Install an ffmpeg with libx264, or offer only H264 in Media:VideoCodecs.")),
        ("Unknown encoder", Tool("encoder-missing", "This ffmpeg lacks an encoder that is needed", "Install a complete ffmpeg.")),
        ("Option not found", Tool("ffmpeg-too-old", "This ffmpeg is too old", "Install ffmpeg 5 or newer.")),
        ("Unrecognized option", Tool("ffmpeg-too-old", "This ffmpeg is too old", "Install ffmpeg 5 or newer.")),
        ("timed out", Net("no-answer", "The server does not answer", "Something took the connection and says nothing: check address and port.")),
        ("Broken pipe", Peer("closed-by-server", "The server closed the connection", "")),
        ("Connection reset", Peer("closed-by-server", "The server closed the connection", "")),
        ("End of file", Peer("closed-by-server", "The server closed the connection", "")),
        ("Input/output error", Peer("closed-by-server", "The server broke off", "Check the application and the stream key in the address.")),
    ];

    public static Failure Hangs { get; } = Net("target-hangs", "The server takes nothing any more", "The connection is up, but nothing arrives there.");

    public static Failure NoAnswer { get; } = Net("no-answer", "The server does not answer", "Something took the connection and says nothing: check address and port.");

    /// <summary>The server took the stream and hung up before it was proven to work.</summary>
    public static Failure ClosedAtOnce { get; } = Peer("closed-at-once", "The server closed the connection right after the start", "It probably refuses the stream key or the application: check them.");

    /// <summary>Not a failure: the tracks of the stream changed, and another sender has to be started.</summary>
    public static Failure NewFormat { get; } = Peer("new-format", "The call changed its picture or its sound", "");

    public static Failure Missing(string program) =>
        Tool("ffmpeg-missing", $"ffmpeg was not found (\"{program}\")", "Install ffmpeg, or set Media:Ffmpeg to where it is. Calls go on without it.");

    /// <summary>The cause in what ffmpeg printed, newest lines last.</summary>
    public static Failure Explain(IReadOnlyList<string> lines, int? exitCode, bool wasProven)
    {
        foreach (var (word, cause) in Table)
            if (lines.Any(l => l.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return cause.Code == "closed-by-server" && !wasProven ? ClosedAtOnce : cause;

        return Tool("ffmpeg-failed", $"ffmpeg ended unexpectedly{(exitCode is { } code ? $" (exit code {code})" : "")}", "The log has its last words.") with { Retryable = true };
    }

    private static Failure Net(string code, string title, string advice) => new(code, Blame.Network, title, advice) { Retryable = true };

    private static Failure Peer(string code, string title, string advice) => new(code, Blame.Peer, title, advice) { Retryable = true };

    private static Failure Tool(string code, string title, string advice) => new(code, Blame.Server, title, advice);
}
