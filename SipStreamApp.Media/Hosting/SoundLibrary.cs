using System.Collections.Concurrent;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Media.Hosting;

/// <summary>
/// The sound files of the media folder for calls: found and checked as for pushes, made into packets once per codec and kept. WAV for the
/// telephone's plain codecs is read here; everything else is ffmpeg's work. Any thread.
/// </summary>
internal sealed class SoundLibrary(string folder, string ffmpeg) : ISoundLibrary
{
    // About an hour of sound; past that everything is thrown away and made anew when wanted.
    private const long MaxKept = 32 << 20;

    private readonly ConcurrentDictionary<(string Path, DateTime Written, Codec Codec), SoundPackets> _kept = new();
    private long _size;

    public Failure? Check(string fileName) => SoundFile.Find(folder, fileName, out var failure) is null ? failure! with { Field = "fileName" } : null;

    public async Task<Outcome<SoundPackets>> LoadAsync(string fileName, Codec codec, CancellationToken cancel)
    {
        if (SoundFile.Find(folder, fileName, out var failure) is not { } path) return failure! with { Field = "fileName" };
        var key = (path, File.GetLastWriteTimeUtc(path), codec);
        if (_kept.TryGetValue(key, out var known)) return known;
        var data = await ReadWavAsync(path, codec, cancel);
        if (data is null)
        {
            var made = await SoundFile.EncodeAsync(ffmpeg, path, codec, cancel);
            if (!made.Succeeded) return made.Failures[0] with { Field = "fileName" };
            data = made.Value;
        }

        var sound = new SoundPackets(fileName, codec, data);
        if (Interlocked.Add(ref _size, data.Length) > MaxKept)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _size, data.Length);
        }

        _kept[key] = sound;
        return sound;
    }

    private static async Task<byte[]?> ReadWavAsync(string path, Codec codec, CancellationToken cancel)
    {
        if (codec is not (Codec.Pcmu or Codec.Pcma) || new FileInfo(path).Length > MaxKept) return null;
        try
        {
            return WavFile.ToG711(await File.ReadAllBytesAsync(path, cancel), codec, SoundPackets.PacketBytes);
        }
        catch (IOException)
        {
            // ffmpeg says why it cannot be read.
            return null;
        }
    }
}
