// ISO/IEC 14496-12: ftyp (4.3), moov (8.2.1) > mvhd, trak > tkhd, mdia > mdhd, hdlr, minf > vmhd|smhd, dinf, stbl; mvex (8.8.1) > trex.
using System.Buffers;

namespace SipStreamApp.Media.Mp4;

/// <summary>Writes the init segment: what the tracks are, without any sample.</summary>
internal static class Mp4Init
{
    private static readonly DateTimeOffset Epoch = new(1904, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes ftyp and moov. False, and nothing written, where there is no track or one is not fully described yet
    /// (<see cref="Mp4Track.IsDescribed"/>). <paramref name="created"/> is for files; live segments leave it out.
    /// </summary>
    public static bool TryWrite(IReadOnlyList<Mp4Track> tracks, IBufferWriter<byte> output, DateTimeOffset? created = null)
    {
        if (tracks.Count == 0 || tracks.Any(t => !t.IsDescribed)) return false;
        var time = created is { } at ? (ulong)Math.Max(0, (at - Epoch).Ticks / TimeSpan.TicksPerSecond) : 0;
        var box = new BoxBuilder();
        box.Begin("ftyp"u8);
        box.Bytes("iso6"u8);
        box.U32(0);
        box.Bytes("iso5iso6mp41"u8);
        box.End();

        box.Begin("moov"u8);
        WriteMvhd(box, time, tracks.Max(t => t.Id) + 1);
        foreach (var track in tracks) WriteTrak(box, track, time);
        box.Begin("mvex"u8);
        foreach (var track in tracks) WriteTrex(box, track.Id);
        box.End();
        box.End();
        output.Write(box.Written);
        return true;
    }

    private static void WriteMvhd(BoxBuilder box, ulong created, int nextTrack)
    {
        box.BeginFull("mvhd"u8, 1);
        box.U64(created);
        box.U64(created);
        box.U32(1000);
        box.U64(0); // the fragments tell
        box.U32(0x0001_0000); // normal rate
        box.U16(0x0100); // full volume
        box.Zeros(10);
        WriteMatrix(box);
        box.Zeros(24);
        box.U32((uint)nextTrack);
        box.End();
    }

    private static void WriteTrak(BoxBuilder box, Mp4Track track, ulong created)
    {
        box.Begin("trak"u8);
        box.BeginFull("tkhd"u8, 1, 3); // enabled, in the movie
        box.U64(created);
        box.U64(created);
        box.U32((uint)track.Id);
        box.U32(0);
        box.U64(0);
        box.Zeros(8);
        box.U16(0); // layer
        box.U16(0); // alternate group
        box.U16(track.IsVideo ? 0 : 0x0100);
        box.U16(0);
        WriteMatrix(box);
        box.U32((uint)(track.IsVideo ? track.Format.Width : 0) << 16);
        box.U32((uint)(track.IsVideo ? track.Format.Height : 0) << 16);
        box.End();

        box.Begin("mdia"u8);
        box.BeginFull("mdhd"u8, 1);
        box.U64(created);
        box.U64(created);
        box.U32((uint)track.Timescale);
        box.U64(0);
        box.U16(0x55C4); // language: und
        box.U16(0);
        box.End();
        box.BeginFull("hdlr"u8);
        box.U32(0);
        box.Bytes(track.IsVideo ? "vide"u8 : "soun"u8);
        box.Zeros(12);
        box.Bytes(track.IsVideo ? "video\0"u8 : "sound\0"u8);
        box.End();
        WriteMinf(box, track);
        box.End();
        box.End();
    }

    private static void WriteMinf(BoxBuilder box, Mp4Track track)
    {
        box.Begin("minf"u8);
        if (track.IsVideo) box.BeginFull("vmhd"u8, 0, 1);
        else box.BeginFull("smhd"u8);
        box.Zeros(track.IsVideo ? 8 : 4);
        box.End();

        box.Begin("dinf"u8);
        box.BeginFull("dref"u8);
        box.U32(1);
        box.BeginFull("url "u8, 0, 1); // in this file
        box.End();
        box.End();
        box.End();

        box.Begin("stbl"u8);
        box.BeginFull("stsd"u8);
        box.U32(1);
        SampleEntries.Write(box, track);
        box.End();
        WriteEmptyTable(box, "stts"u8, 4);
        WriteEmptyTable(box, "stsc"u8, 4);
        WriteEmptyTable(box, "stsz"u8, 8);
        WriteEmptyTable(box, "stco"u8, 4);
        box.End();
        box.End();
    }

    private static void WriteEmptyTable(BoxBuilder box, ReadOnlySpan<byte> type, int zeros)
    {
        box.BeginFull(type);
        box.Zeros(zeros);
        box.End();
    }

    private static void WriteTrex(BoxBuilder box, int trackId)
    {
        box.BeginFull("trex"u8);
        box.U32((uint)trackId);
        box.U32(1); // sample description
        box.Zeros(12);
        box.End();
    }

    private static void WriteMatrix(BoxBuilder box)
    {
        box.U32(0x0001_0000);
        box.Zeros(12);
        box.U32(0x0001_0000);
        box.Zeros(12);
        box.U32(0x4000_0000);
    }
}
