// H.264 annex E.1.1 (vui_parameters) and E.1.2 (hrd_parameters).
namespace SipStreamApp.Media.Codecs;

/// <summary>The parts of the video usability information that matter for timing and delay.</summary>
internal readonly record struct VuiInfo
{
    /// <summary>num_units_in_tick; 0 where not said.</summary>
    public uint UnitsInTick { get; init; }

    /// <summary>time_scale; 0 where not said.</summary>
    public uint TimeScale { get; init; }

    /// <summary>fixed_frame_rate_flag.</summary>
    public bool FixedFrameRate { get; init; }

    /// <summary>True where bitstream restrictions were sent; only then do the next two hold.</summary>
    public bool HasRestrictions { get; init; }

    /// <summary>max_num_reorder_frames.</summary>
    public int MaxReorderFrames { get; init; }

    /// <summary>max_dec_frame_buffering.</summary>
    public int MaxDecoderFrames { get; init; }

    /// <summary>Frames per second, or 0 where not said. A tick is a field, hence the half.</summary>
    public double FrameRate => UnitsInTick == 0 ? 0 : TimeScale / (2.0 * UnitsInTick);

    /// <summary>Reads the structure. What is cut off stays at its default: some encoders write a wrong tail, their size is still good.</summary>
    public static VuiInfo Read(ref BitReader bits)
    {
        if (bits.Flag() && bits.Bits(8) == 255) bits.Skip(32); // aspect ratio, Extended_SAR
        if (bits.Flag()) bits.Skip(1); // overscan
        if (bits.Flag())
        {
            bits.Skip(4); // video_format, full range
            if (bits.Flag()) bits.Skip(24); // colour description
        }

        if (bits.Flag())
        {
            bits.Ue(); // chroma sample location
            bits.Ue();
        }

        var vui = new VuiInfo();
        if (bits.Flag()) vui = vui with { UnitsInTick = bits.Bits(32), TimeScale = bits.Bits(32), FixedFrameRate = bits.Flag() };
        if (bits.Failed) return default;
        var nalHrd = bits.Flag();
        if (nalHrd) SkipHrd(ref bits);
        var vclHrd = bits.Flag();
        if (vclHrd) SkipHrd(ref bits);
        if (nalHrd || vclHrd) bits.Skip(1); // low_delay_hrd_flag
        bits.Skip(1); // pic_struct_present_flag
        if (!bits.Flag()) return vui;
        bits.Skip(1); // motion_vectors_over_pic_boundaries_flag
        for (var i = 0; i < 4; i++) bits.Ue(); // sizes and motion vector lengths
        var (reorder, buffering) = (bits.Ue(), bits.Ue());
        if (bits.Failed || reorder > 16 || buffering > 16) return vui;
        return vui with { HasRestrictions = true, MaxReorderFrames = (int)reorder, MaxDecoderFrames = (int)buffering };
    }

    private static void SkipHrd(ref BitReader bits)
    {
        var count = bits.Ue() + 1;
        if (count > 32) count = 32;
        bits.Skip(8);
        for (var i = 0; i < count && !bits.Failed; i++)
        {
            bits.Ue();
            bits.Ue();
            bits.Skip(1);
        }

        bits.Skip(20);
    }
}
