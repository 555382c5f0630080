// H.264 section 7.3.3: the first fields of a slice header; the first of a picture parameter set are in 7.3.2.2.
namespace SipStreamApp.Media.Codecs;

/// <summary>What the engine needs to know of a slice.</summary>
/// <param name="FirstMacroblock">Address of the first macroblock; 0 in the first slice of a picture.</param>
/// <param name="SliceType">slice_type, 0 to 9.</param>
/// <param name="PpsId">The picture parameter set it refers to.</param>
internal readonly record struct SliceHeader(int FirstMacroblock, int SliceType, int PpsId)
{
    /// <summary>True for a slice that refers to no other picture.</summary>
    public bool IsIntra => SliceType % 5 == 2;

    /// <summary>Reads the header of a slice NAL unit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> nal, out SliceHeader header)
    {
        header = default;
        if (nal.Length < 2) return false;
        var bits = new BitReader(nal[1..]);
        var first = bits.Ue();
        var type = bits.Ue();
        var pps = bits.Ue();
        if (bits.Failed || first > 0xF_FFFF || type > 9 || pps > 255) return false;
        header = new SliceHeader((int)first, (int)type, (int)pps);
        return true;
    }
}
