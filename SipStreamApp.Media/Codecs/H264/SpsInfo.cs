// H.264 section 7.3.2.1.1 (seq_parameter_set_data).
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SipStreamApp.Media.Codecs;

/// <summary>What a sequence parameter set says.</summary>
internal sealed record SpsInfo
{
    // 16384 pixels: four times what any level of use here allows, and small enough for every product to fit an int.
    private const uint MaxMacroblocksPerSide = 1024;

    /// <summary>profile_idc: 66 Baseline, 77 Main, 100 High.</summary>
    public required byte ProfileIdc { get; init; }

    /// <summary>constraint_set flags (profile-iop).</summary>
    public required byte Constraints { get; init; }

    /// <summary>level_idc: ten times the level.</summary>
    public required byte LevelIdc { get; init; }

    /// <summary>seq_parameter_set_id.</summary>
    public int Id { get; init; }

    /// <summary>chroma_format_idc: 1 is 4:2:0.</summary>
    public int ChromaFormat { get; init; } = 1;

    /// <summary>Bits per luma sample.</summary>
    public int BitDepthLuma { get; init; } = 8;

    /// <summary>Bits per chroma sample.</summary>
    public int BitDepthChroma { get; init; } = 8;

    /// <summary>max_num_ref_frames.</summary>
    public int MaxReferenceFrames { get; init; }

    /// <summary>frame_mbs_only_flag: false where fields may occur.</summary>
    public bool FramesOnly { get; init; } = true;

    /// <summary>Picture width in pixels after cropping.</summary>
    public int Width { get; init; }

    /// <summary>Picture height in pixels after cropping.</summary>
    public int Height { get; init; }

    /// <summary>pic_order_cnt_type; with 2, output order is decoding order.</summary>
    public int PictureOrderType { get; init; }

    /// <summary>The video usability information, where present.</summary>
    public VuiInfo Vui { get; init; }

    /// <summary>Frames a decoder may have to hold back before it can show one; null where the stream does not say.</summary>
    public int? ReorderFrames => PictureOrderType == 2 ? 0 : Vui.HasRestrictions ? Vui.MaxReorderFrames : ProfileIdc == 66 ? 0 : null;

    /// <summary>profile-level-id of RFC 6184 section 8.1: six hex digits.</summary>
    public string ProfileLevelId => string.Create(CultureInfo.InvariantCulture, $"{ProfileIdc:x2}{Constraints:x2}{LevelIdc:x2}");

    /// <summary>Reads a sequence parameter set NAL unit (without start code).</summary>
    public static bool TryParse(ReadOnlySpan<byte> nal, [NotNullWhen(true)] out SpsInfo? info)
    {
        info = null;
        if (nal.Length < 5 || Nal.TypeOf(nal[0]) != NalType.Sps) return false;
        var bits = new BitReader(nal[4..]);
        var id = bits.Ue();
        uint chroma = 1, lumaDepth = 0, chromaDepth = 0;
        var separatePlanes = false;
        if (nal[1] is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chroma = bits.Ue();
            if (chroma == 3) separatePlanes = bits.Flag();
            lumaDepth = bits.Ue();
            chromaDepth = bits.Ue();
            bits.Skip(1);
            if (bits.Flag()) SkipScalingLists(ref bits, chroma == 3 ? 12 : 8);
        }

        bits.Ue(); // log2_max_frame_num_minus4
        var orderType = bits.Ue();
        SkipPictureOrder(ref bits, orderType);
        var references = bits.Ue();
        bits.Skip(1); // gaps_in_frame_num_value_allowed_flag
        var widthMbs = bits.Ue() + 1;
        var heightUnits = bits.Ue() + 1;
        var framesOnly = bits.Flag();
        if (!framesOnly) bits.Skip(1);
        bits.Skip(1); // direct_8x8_inference_flag
        var (left, right, top, bottom) = bits.Flag() ? (bits.Ue(), bits.Ue(), bits.Ue(), bits.Ue()) : (0u, 0u, 0u, 0u);
        if (bits.Failed || id > 31 || chroma > 3 || lumaDepth > 6 || chromaDepth > 6 || orderType > 2 || references > 16) return false;
        if (widthMbs is 0 or > MaxMacroblocksPerSide || heightUnits is 0 or > MaxMacroblocksPerSide) return false;

        // Table 6-1: crop units are chroma samples, doubled in height where fields may occur.
        var unitX = !separatePlanes && chroma is 1 or 2 ? 2L : 1L;
        var unitY = (!separatePlanes && chroma == 1 ? 2L : 1L) * (framesOnly ? 1 : 2);
        var width = widthMbs * 16 - unitX * ((long)left + right);
        var height = heightUnits * 16 * (framesOnly ? 1 : 2) - unitY * ((long)top + bottom);
        if (width <= 0 || height <= 0) return false;

        info = new SpsInfo
        {
            ProfileIdc = nal[1], Constraints = nal[2], LevelIdc = nal[3], Id = (int)id,
            ChromaFormat = (int)chroma, BitDepthLuma = (int)lumaDepth + 8, BitDepthChroma = (int)chromaDepth + 8,
            MaxReferenceFrames = (int)references, FramesOnly = framesOnly, PictureOrderType = (int)orderType,
            Width = (int)width, Height = (int)height,
            Vui = bits.Flag() ? VuiInfo.Read(ref bits) : default,
        };
        return true;
    }

    private static void SkipScalingLists(ref BitReader bits, int count)
    {
        for (var i = 0; i < count && !bits.Failed; i++)
        {
            if (!bits.Flag()) continue;
            var (last, next) = (8, 8);
            for (var j = 0; j < (i < 6 ? 16 : 64) && !bits.Failed; j++)
            {
                if (next != 0) next = (last + bits.Se()) & 0xFF;
                if (next != 0) last = next;
            }
        }
    }

    private static void SkipPictureOrder(ref BitReader bits, uint type)
    {
        if (type == 0) bits.Ue();
        if (type != 1) return;
        bits.Skip(1);
        bits.Se();
        bits.Se();
        var cycle = bits.Ue();
        for (var i = 0; i < cycle && !bits.Failed; i++) bits.Se();
    }
}
