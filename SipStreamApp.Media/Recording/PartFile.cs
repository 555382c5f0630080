using System.Buffers;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>One part of a recording: a fragmented MP4 that is whole up to its last fragment, whatever happens. One thread.</summary>
internal sealed class PartFile : IDisposable
{
    public const int VideoTrack = 1;
    public const int AudioTrack = 2;

    // Half a second: what waits for its fragment, the newest picture and the worker's beat together stay below a second at risk.
    private static readonly TimeSpan AtRisk = TimeSpan.FromMilliseconds(500);

    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Mp4Index _index = new();
    private readonly FragmentWriter _writer;
    private readonly FileStream _file;

    private PartFile(FileStream file, IReadOnlyList<Mp4Track> tracks, TimeSpan? origin)
    {
        _file = file;
        Tracks = tracks;
        _writer = new FragmentWriter(tracks, FragmentOptions.File(AtRisk) with { Origin = origin });
    }

    public IReadOnlyList<Mp4Track> Tracks { get; }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>End of what was written, from the start of the recording.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>The stream time that is 0; null before the first fragment.</summary>
    public TimeSpan? Origin => _writer.Origin;

    /// <summary>Makes the file and writes its head. Null where a track cannot be described.</summary>
    public static PartFile? Create(string path, IReadOnlyList<Mp4Track> tracks, TimeSpan? origin, DateTimeOffset created)
    {
        var head = new ArrayBufferWriter<byte>();
        if (!Mp4Init.TryWrite(tracks, head, created)) return null;
        // Written through: a fragment that was written survives the machine, not only the program.
        var part = new PartFile(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0, FileOptions.WriteThrough), tracks, origin);
        part.Append(head.WrittenSpan);
        return part;
    }

    public bool Has(MediaKind kind) => Tracks.Any(t => t.Format.Kind == kind);

    public PushStatus Push(MediaFrame frame, bool afterSkip)
    {
        var status = _writer.Push(frame.Format.Kind == MediaKind.Video ? VideoTrack : AudioTrack, frame, afterSkip);
        if (status == PushStatus.Taken) WriteFragments();
        return status;
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Finish()
    {
        _writer.Finish();
        WriteFragments();
        _buffer.ResetWrittenCount();
        _index.Write(_buffer);
        Append(_buffer.WrittenSpan);
    }

    public void Dispose() => _file.Dispose();

    private void WriteFragments()
    {
        while (true)
        {
            _buffer.ResetWrittenCount();
            if (!_writer.TryTake(_buffer, out var info)) return;
            _index.Add(info, Length);
            Append(_buffer.WrittenSpan);
            if (info.Start + info.Duration > End) End = info.Start + info.Duration;
        }
    }

    // One write per fragment: no half of a fragment waits in a buffer of ours.
    private void Append(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        Length += bytes.Length;
    }
}
