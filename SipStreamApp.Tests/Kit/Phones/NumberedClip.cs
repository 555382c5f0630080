using SipStreamApp.Tests.Kit.Peers;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>
/// Pictures that show their own number, as 16 white or black fields along the upper edge (the highest bit at the left), so that a
/// browser page can tell which one is on its screen. 320x180, 20 s; the rest of the picture moves.
/// </summary>
internal static class NumberedClip
{
    public const int Frames = 500;
    public const int Field = 20;
    private const int Width = 320;
    private const int Height = 180;

    /// <summary>Made by ffmpeg, kept for later runs.</summary>
    /// <param name="keyEvery">Pictures from one keyframe to the next.</param>
    public static async Task<PhoneClip> GetAsync(int keyEvery)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "sipstream-numbered-clip")).FullName;
        var path = Path.Combine(folder, $"every{keyEvery}.h264");
        if (!File.Exists(path))
        {
            var own = Path.Combine(folder, Path.GetRandomFileName());
            await WritePicturesAsync(own + ".raw");
            await PeerProcess.RunAsync(
                "ffmpeg", folder, "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", $"{Width}x{Height}", "-r", "25", "-i", own + ".raw",
                "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-profile:v", "baseline", "-threads", "1",
                "-x264-params", $"keyint={keyEvery}:min-keyint={keyEvery}:scenecut=0:slices=1", "-b:v", "500k", "-f", "h264", own + ".h264");
            File.Move(own + ".h264", path, overwrite: true);
            File.Delete(own + ".raw");
        }

        return PhoneClip.FromAnnexB(await File.ReadAllBytesAsync(path));
    }

    private static async Task WritePicturesAsync(string path)
    {
        await using var file = File.Create(path);
        var picture = new byte[Width * Height];
        for (var n = 0; n < Frames; n++)
        {
            Draw(picture, n);
            await file.WriteAsync(picture);
        }
    }

    private static void Draw(Span<byte> picture, int number)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var bit = number >> (15 - x / Field) & 1;
                picture[y * Width + x] = y < Field ? (byte)(bit == 1 ? 235 : 16) : (byte)(60 + ((x + number * 3) / 8 * 13 ^ (y + number) / 8 * 7) % 128);
            }
        }
    }
}
