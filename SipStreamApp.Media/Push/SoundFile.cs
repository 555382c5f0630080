using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Push;

/// <summary>Sound files of the media folder, and ffmpeg's work of making packets of them.</summary>
internal static class SoundFile
{
    // Ten minutes are five megabytes of packets.
    private const string Longest = "600";

    /// <summary>The path of a file in the media folder, or null.</summary>
    public static string? Find(string folder, string name, out Failure? failure)
    {
        failure = null;
        if (name.Length is > 0 and <= 255 && name == Path.GetFileName(name) && !name.StartsWith('.') && !name.Any(char.IsControl)
            && Path.Combine(folder, name) is var path && File.Exists(path)) return path;
        failure = new Failure("sound-not-found", Blame.Caller, "There is no such sound file", "Put it into the folder media of the data directory, and give its bare name.") { Field = "soundFile" };
        return null;
    }

    /// <summary>Any file ffmpeg can read, as packets of 20 ms and <see cref="SoundClip.PacketBytes"/> bytes.</summary>
    public static async Task<Outcome<byte[]>> EncodeAsync(string ffmpeg, string path, Codec codec, CancellationToken cancel)
    {
        string[] output = codec switch
        {
            Codec.Pcmu => ["-ar", "8000", "-f", "mulaw"],
            Codec.Pcma => ["-ar", "8000", "-f", "alaw"],
            Codec.G722 => ["-ar", "16000", "-f", "g722"],
            // At a constant rate every packet has the same length, so they can be told apart again.
            _ => ["-ar", "48000", "-c:a", "libopus", "-b:a", "64k", "-vbr", "off", "-frame_duration", "20", "-f", "data"],
        };
        // The file must not make ffmpeg open anything else (a playlist could).
        string[] arguments = ["-v", "error", "-nostdin", "-protocol_whitelist", "file", "-t", Longest, "-i", "file:" + path, "-map", "0:a:0", "-ac", "1", .. output, "pipe:1"];
        await using var child = ChildProcess.Start(new ChildCommand(ffmpeg, arguments), out _);
        if (child is null) return PushCauses.Missing(ffmpeg);
        using var packets = new MemoryStream();
        child.Input.Close();
        await child.Output.CopyToAsync(packets, cancel);
        await child.Exited.WaitAsync(cancel);
        if (child.ExitCode != 0 || packets.Length < SoundClip.PacketBytes)
            return new Failure("sound-unreadable", Blame.Caller, "The sound file cannot be read", "It must be WAV, MP3 or another kind of sound that ffmpeg knows.") { Field = "soundFile" };
        return packets.ToArray();
    }
}
