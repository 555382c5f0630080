// ISO/IEC 14496-12: trak > tkhd (8.3.2), mdia > mdhd (8.4.2), hdlr (8.4.3), minf > stbl > stsd (8.5.2).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Reads the tracks out of a moov box.</summary>
internal static class MoovScan
{
    private const int MaxTracks = 64;

    private static readonly uint Trak = BoxReader.Type("trak"u8);
    private static readonly uint Tkhd = BoxReader.Type("tkhd"u8);
    private static readonly uint Mdia = BoxReader.Type("mdia"u8);
    private static readonly uint Mdhd = BoxReader.Type("mdhd"u8);
    private static readonly uint Hdlr = BoxReader.Type("hdlr"u8);
    private static readonly uint Minf = BoxReader.Type("minf"u8);
    private static readonly uint Stbl = BoxReader.Type("stbl"u8);
    private static readonly uint Stsd = BoxReader.Type("stsd"u8);

    /// <summary>False where there is no track, or one makes no sense.</summary>
    public static bool TryRead(ReadOnlySpan<byte> moov, List<ScannedTrack> tracks)
    {
        var boxes = new BoxReader(moov);
        while (boxes.TryRead(out var type, out var body))
        {
            if (type != Trak) continue;
            var track = new ScannedTrack(0, false, "", 0);
            Walk(body, Trak, ref track);
            if (track.Id <= 0 || track.Timescale <= 0 || tracks.Count >= MaxTracks || tracks.Any(t => t.Id == track.Id)) return false;
            tracks.Add(track);
        }

        return !boxes.Failed && tracks.Count > 0;
    }

    private static void Walk(ReadOnlySpan<byte> level, uint parent, ref ScannedTrack track)
    {
        var boxes = new BoxReader(level);
        while (boxes.TryRead(out var type, out var body))
        {
            // Only the way down to the sample table: depth is bounded whatever a file says.
            var goesDown = (parent == Trak && type == Mdia) || (parent == Mdia && type == Minf) || (parent == Minf && type == Stbl);
            if (goesDown) Walk(body, type, ref track);
            else Leaf(type, body, ref track);
        }
    }

    private static void Leaf(uint type, ReadOnlySpan<byte> body, ref ScannedTrack track)
    {
        var reader = new SpanReader(body);
        var version = reader.U32() >> 24;
        if (type == Tkhd)
        {
            reader.Skip(version == 1 ? 16 : 8);
            track = track with { Id = (int)reader.U32() };
        }
        else if (type == Mdhd)
        {
            reader.Skip(version == 1 ? 16 : 8);
            track = track with { Timescale = (int)reader.U32() };
        }
        else if (type == Hdlr)
        {
            reader.Skip(4);
            track = track with { IsVideo = reader.Bytes(4).SequenceEqual("vide"u8) };
        }
        else if (type == Stsd)
        {
            reader.Skip(8);
            track = track with { SampleEntry = BoxReader.Name(reader.U32()) };
        }
    }
}
