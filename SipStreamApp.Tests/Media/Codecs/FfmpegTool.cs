using System.Diagnostics;

namespace SipStreamApp.Tests.Media.Codecs;

/// <summary>Runs ffmpeg as an independent judge of our bits: input by a file, output by its standard output.</summary>
internal static class FfmpegTool
{
    public static byte[] Run(ReadOnlySpan<byte> input, string inputOptions, string outputOptions)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, input);
            var start = new ProcessStartInfo("ffmpeg", $"-hide_banner -loglevel error -threads 1 {inputOptions} -i {file} {outputOptions} pipe:1")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            var text = errors.GetAwaiter().GetResult();
            if (process.ExitCode != 0 || text.Length > 0) throw new InvalidOperationException($"ffmpeg: {process.ExitCode} {text}");
            return output.ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Packets of Opus in an Ogg file (RFC 7845), without its 312 samples of pre-skip.</summary>
    public static byte[] Ogg(IReadOnlyList<byte[]> packets)
    {
        var stream = new MemoryStream();
        byte[] head = [.. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0];
        byte[] tags = [.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        Page(stream, head, 2, 0, 0);
        Page(stream, tags, 0, 0, 1);
        for (var i = 0; i < packets.Count; i++) Page(stream, packets[i], i == packets.Count - 1 ? 4 : 0, 960L * (i + 1), i + 2);
        return stream.ToArray();
    }

    private static void Page(MemoryStream stream, byte[] packet, int flags, long granule, int number)
    {
        var lacing = packet.Length / 255 + 1;
        byte[] page =
        [
            .. "OggS"u8, 0, (byte)flags, .. BitConverter.GetBytes(granule), 1, 0, 0, 0, .. BitConverter.GetBytes(number), 0, 0, 0, 0,
            (byte)lacing, .. Enumerable.Repeat((byte)255, lacing - 1), (byte)(packet.Length % 255), .. packet,
        ];
        uint crc = 0;
        foreach (var b in page)
        {
            crc ^= (uint)b << 24;
            for (var i = 0; i < 8; i++) crc = (crc & 0x8000_0000) != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1;
        }

        BitConverter.GetBytes(crc).CopyTo(page, 22);
        stream.Write(page);
    }
}
