// ISO/IEC 14496-12 section 8.8.9 to 8.8.11: mfra > tfra, mfro. Stands at the end of a file and lets a player seek.
using System.Buffers;

namespace SipStreamApp.Media.Mp4;

/// <summary>Remembers where decoding can start in a file, and writes it down at the end.</summary>
internal sealed class Mp4Index
{
    // 24 hours of a keyframe per second; beyond that a player finds its way by the fragments.
    private const int MaxEntries = 86400;

    private readonly List<(int TrackId, long Time, long Offset, int Traf)> _entries = [];

    /// <summary>Notes a fragment that was written at <paramref name="fileOffset"/>; those where decoding cannot start are left out.</summary>
    public void Add(in FragmentInfo fragment, long fileOffset)
    {
        if (!fragment.IsIndependent || _entries.Count >= MaxEntries) return;
        _entries.Add((fragment.TrackId, fragment.StartTicks, fileOffset + fragment.MoofOffset, fragment.TrafNumber));
    }

    /// <summary>Writes the index; nothing where there is no entry.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        if (_entries.Count == 0) return;
        var box = new BoxBuilder();
        box.Begin("mfra"u8);
        foreach (var track in _entries.GroupBy(e => e.TrackId))
        {
            box.BeginFull("tfra"u8, 1);
            box.U32((uint)track.Key);
            box.U32(0); // numbers of traf, trun and sample in one byte each
            box.U32((uint)track.Count());
            foreach (var (_, time, offset, traf) in track)
            {
                box.U64((ulong)time);
                box.U64((ulong)offset);
                box.U8(traf);
                box.U8(1);
                box.U8(1);
            }

            box.End();
        }

        box.BeginFull("mfro"u8);
        box.U32((uint)box.Length + 4);
        box.End();
        box.End();
        output.Write(box.Written);
    }
}
