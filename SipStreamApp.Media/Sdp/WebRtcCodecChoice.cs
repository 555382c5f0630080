// RFC 7742 section 6 and RFC 6184 section 8.2.2: which of the browser's payload types carries our format.
using System.Collections.Immutable;
using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class WebRtcCodecChoice
{
    /// <summary>The best payload type for a format, or null.</summary>
    public static RtpMapping? Choose(ImmutableArray<RtpMapping> offered, TrackFormat format)
    {
        RtpMapping? best = null;
        var bestCost = int.MaxValue;
        foreach (var mapping in offered)
        {
            if (mapping.Codec != format.Codec || mapping.PacketizationMode > 1) continue;
            var cost = format.Codec == Codec.H264 ? H264Cost(mapping, format) : 0;
            if (cost < bestCost) (best, bestCost) = (mapping, cost);
        }

        return best;
    }

    // Mode weighs more than profile: the same profile in mode 1, then the closest profile in mode 1, then mode 0. A profile the
    // browser does not list is sent under its closest type, for the decoder goes by the parameter sets in the stream.
    private static int H264Cost(RtpMapping mapping, TrackFormat format)
    {
        var ours = Rank(format.ProfileLevelId ?? FromSps(format.Sps));
        var theirs = Rank(SdpFmtp.ProfileLevelId(mapping.Fmtp) ?? "42000a");
        return (mapping.PacketizationMode == 1 ? 0 : 1000) + (ours.Profile == theirs.Profile ? 0 : 100)
            + Math.Abs(ours.Order - theirs.Order) * 2 + (theirs.Order < ours.Order ? 1 : 0);
    }

    /// <summary>profile_idc, and a place in the order of what a decoder must be able to do (H.264 annex A.2).</summary>
    private static (int Profile, int Order) Rank(string? profileLevelId)
    {
        var value = int.TryParse(profileLevelId, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var v) ? v : 0x42E01F;
        var profile = value >> 16;
        return (profile, profile switch
        {
            0x42 => (value & 0x4000) != 0 ? 0 : 1,
            0x58 => 2,
            0x4D => (value & 0x8000) != 0 ? 0 : 3,
            0x64 => 4,
            0x6E => 5,
            0x7A => 6,
            _ => 7,
        });
    }

    private static string? FromSps(ImmutableArray<byte> sps) => sps.Length >= 4 ? Convert.ToHexString(sps.AsSpan(1, 3)) : null;
}
