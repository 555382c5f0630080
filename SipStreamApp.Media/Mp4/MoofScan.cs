// ISO/IEC 14496-12: moof > traf > tfhd (8.8.7), tfdt (8.8.12), trun (8.8.8).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Reads how far a moof box takes each track, and how much of the mdat box behind it it needs.</summary>
internal static class MoofScan
{
    private const int MaxSamples = 1 << 20;
    private const long LatestSecond = 1L << 31;

    private static readonly uint Traf = BoxReader.Type("traf"u8);
    private static readonly uint Tfhd = BoxReader.Type("tfhd"u8);
    private static readonly uint Tfdt = BoxReader.Type("tfdt"u8);
    private static readonly uint Trun = BoxReader.Type("trun"u8);

    /// <summary>Writes the tracks as they are after the fragment. <paramref name="dataEnd"/> counts from the start of the moof box.</summary>
    public static bool TryRead(ReadOnlySpan<byte> moof, IReadOnlyList<ScannedTrack> before, List<ScannedTrack> after, out long dataEnd)
    {
        dataEnd = 0;
        after.Clear();
        after.AddRange(before);
        var boxes = new BoxReader(moof);
        var found = false;
        while (boxes.TryRead(out var type, out var body))
        {
            if (type != Traf) continue;
            if (!TryReadTraf(body, after, ref dataEnd)) return false;
            found = true;
        }

        return found && !boxes.Failed;
    }

    private static bool TryReadTraf(ReadOnlySpan<byte> traf, List<ScannedTrack> tracks, ref long dataEnd)
    {
        var boxes = new BoxReader(traf);
        var (index, time, samples, duration) = (-1, 0UL, 0L, 0L);
        var (defaultDuration, defaultSize) = (0u, 0u);
        while (boxes.TryRead(out var type, out var body))
        {
            var reader = new SpanReader(body);
            if (type == Tfhd)
            {
                var flags = reader.U32();
                var id = (int)reader.U32();
                index = tracks.FindIndex(t => t.Id == id);
                reader.Skip(((flags & 1) != 0 ? 8 : 0) + ((flags & 2) != 0 ? 4 : 0));
                if ((flags & 8) != 0) defaultDuration = reader.U32();
                if ((flags & 0x10) != 0) defaultSize = reader.U32();
            }
            else if (type == Tfdt)
            {
                time = reader.U32() >> 24 == 1 ? reader.U64() : reader.U32();
            }
            else if (type == Trun && !TryReadRun(ref reader, defaultDuration, defaultSize, ref samples, ref duration, ref dataEnd))
            {
                return false;
            }

            if (reader.Failed) return false;
        }

        if (boxes.Failed || index < 0) return false;
        var track = tracks[index];
        var latest = LatestSecond * track.Timescale;
        if (time > (ulong)latest || duration > latest) return false;
        var start = track.Samples == 0 ? (long)time : track.StartTicks;
        tracks[index] = track with { StartTicks = start, Samples = track.Samples + samples, EndTicks = Math.Max(track.EndTicks, (long)time + duration) };
        return true;
    }

    private static bool TryReadRun(
        ref SpanReader reader, uint defaultDuration, uint defaultSize, ref long samples, ref long duration, ref long dataEnd)
    {
        var flags = reader.U32();
        var count = reader.U32();
        // Without the field the samples follow the last run of the same fragment.
        var offset = (flags & 1) != 0 ? (int)reader.U32() : dataEnd;
        if ((flags & 4) != 0) reader.Skip(4);
        if (count > MaxSamples || samples > MaxSamples || offset < 0) return false;
        var (hasDuration, hasSize) = ((flags & 0x100) != 0, (flags & 0x200) != 0);
        var rest = ((flags & 0x400) != 0 ? 4 : 0) + ((flags & 0x800) != 0 ? 4 : 0);
        long bytes = 0;
        if (!hasDuration) duration += count * (long)defaultDuration;
        if (!hasSize) bytes = count * (long)defaultSize;
        if (hasDuration || hasSize || rest > 0)
        {
            for (uint i = 0; i < count && !reader.Failed; i++)
            {
                if (hasDuration) duration += reader.U32();
                if (hasSize) bytes += reader.U32();
                reader.Skip(rest);
            }
        }

        samples += count;
        dataEnd = Math.Max(dataEnd, offset + bytes);
        return !reader.Failed;
    }
}
