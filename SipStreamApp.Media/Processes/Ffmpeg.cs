using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Processes;

/// <summary>The system's ffmpeg where it reads its standard input and writes its standard output.</summary>
internal static class Ffmpeg
{
    /// <summary>What a feature says where there is no ffmpeg.</summary>
    public static Failure Missing { get; } = new(
        "needs-ffmpeg", Blame.Server, "This needs the program ffmpeg, which was not found", "Install ffmpeg on the server and start it again.");

    /// <summary>Starts it with one thread, to say errors only; null where it cannot be run.</summary>
    public static ChildProcess? Start(string program, IEnumerable<string> arguments) =>
        ChildProcess.Start(new ChildCommand(program, ["-hide_banner", "-loglevel", "error", "-threads", "1", .. arguments]), out _);
}
