// ISO/IEC 14496-12: moof (8.8.4) > mfhd (8.8.5), traf (8.8.6) > tfhd (8.8.7), tfdt (8.8.12), trun (8.8.8); styp (8.16.2), prft (8.16.5).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Writes what stands in front of the samples of a fragment.</summary>
internal static class MoofWriter
{
    // 8.8.3.1: sample_depends_on = 2 (on none); sample_depends_on = 1 and sample_is_non_sync_sample.
    private const uint SyncFlags = 0x0200_0000;
    private const uint OtherFlags = 0x0101_0000;

    private const uint DefaultDuration = 0x08;
    private const uint DefaultSize = 0x10;
    private const uint DefaultFlags = 0x20;
    private const uint DefaultBaseIsMoof = 0x02_0000;
    private const uint DataOffset = 0x001;
    private const uint FirstFlags = 0x004;
    private const uint EachDuration = 0x100;
    private const uint EachSize = 0x200;
    private const uint EachFlags = 0x400;

    public static void WriteStyp(BoxBuilder box)
    {
        box.Begin("styp"u8);
        box.Bytes("msdh"u8);
        box.U32(0);
        box.Bytes("msdhiso6"u8);
        box.End();
    }

    public static void WritePrft(BoxBuilder box, int trackId, NtpTime wallClock, long mediaTime)
    {
        box.BeginFull("prft"u8, 1);
        box.U32((uint)trackId);
        box.U64(wallClock.Value);
        box.U64((ulong)mediaTime);
        box.End();
    }

    /// <summary>Writes moof and the head of mdat for the samples being taken. Their bytes must follow, lane by lane.</summary>
    public static void WriteMoof(BoxBuilder box, uint sequence, TrackLane[] lanes)
    {
        var start = box.Length;
        Span<int> patches = stackalloc int[lanes.Length];
        box.Begin("moof"u8);
        box.BeginFull("mfhd"u8);
        box.U32(sequence);
        box.End();
        for (var i = 0; i < lanes.Length; i++)
            if (lanes[i].Taking > 0) patches[i] = WriteTraf(box, lanes[i]);

        box.End();
        var offset = box.Length - start + 8;
        for (var i = 0; i < lanes.Length; i++)
        {
            if (lanes[i].Taking == 0) continue;
            box.PatchU32(patches[i], (uint)offset);
            offset += lanes[i].Queue.DataOf(lanes[i].Taking).Length;
        }

        box.U32((uint)(offset - (box.Length - start)));
        box.Bytes("mdat"u8);
    }

    // Returns where the data offset stands.
    private static int WriteTraf(BoxBuilder box, TrackLane lane)
    {
        var (queue, count) = (lane.Queue, lane.Taking);
        // What most samples share goes to the head; the first one of a picture run is often the odd one.
        ref var common = ref queue[count - 1];
        var (sameDuration, sameSize, sameFlags) = (true, true, true);
        for (var i = 0; i < count; i++)
        {
            sameDuration &= queue[i].Duration == common.Duration;
            sameSize &= queue[i].Size == common.Size;
            sameFlags &= i == 0 || queue[i].IsKeyframe == common.IsKeyframe;
        }

        var oddFirst = sameFlags && queue[0].IsKeyframe != common.IsKeyframe;
        box.Begin("traf"u8);
        box.BeginFull("tfhd"u8, 0, DefaultBaseIsMoof | (sameDuration ? DefaultDuration : 0) | (sameSize ? DefaultSize : 0) | (sameFlags ? DefaultFlags : 0));
        box.U32((uint)lane.Track.Id);
        if (sameDuration) box.U32((uint)common.Duration);
        if (sameSize) box.U32((uint)common.Size);
        if (sameFlags) box.U32(Flags(common));
        box.End();
        box.BeginFull("tfdt"u8, 1);
        box.U64((ulong)lane.DecodeTime(0));
        box.End();

        box.BeginFull("trun"u8, 0, DataOffset | (oddFirst ? FirstFlags : 0)
            | (sameDuration ? 0 : EachDuration) | (sameSize ? 0 : EachSize) | (sameFlags ? 0 : EachFlags));
        box.U32((uint)count);
        var patch = box.Length;
        box.U32(0);
        if (oddFirst) box.U32(Flags(queue[0]));
        for (var i = 0; i < count; i++)
        {
            ref var sample = ref queue[i];
            if (!sameDuration) box.U32((uint)sample.Duration);
            if (!sameSize) box.U32((uint)sample.Size);
            if (!sameFlags) box.U32(Flags(sample));
        }

        box.End();
        box.End();
        return patch;
    }

    private static uint Flags(in QueuedSample sample) => sample.IsKeyframe ? SyncFlags : OtherFlags;
}
