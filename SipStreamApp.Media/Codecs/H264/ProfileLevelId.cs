// RFC 6184 section 8.1, table 5 (profile_idc and profile-iop combinations that mean one profile), and section 8.2.2.
using System.Globalization;

namespace SipStreamApp.Media.Codecs;

/// <summary>The H.264 profiles met in calls.</summary>
internal enum H264Profile
{
    ConstrainedBaseline,
    Baseline,
    Main,
    Extended,
    ConstrainedHigh,
    High,
    Other,
}

/// <summary>profile-level-id: which tools a stream may use, and how big and fast it may be.</summary>
internal readonly record struct ProfileLevelId(byte ProfileIdc, byte Constraints, byte LevelIdc)
{
    /// <summary>What an absent parameter means: Baseline, level 1.</summary>
    public static readonly ProfileLevelId Default = new(0x42, 0x00, 0x0A);

    /// <summary>The profile the bits stand for; several combinations mean the same one.</summary>
    public H264Profile Profile => ProfileIdc switch
    {
        0x42 => (Constraints & 0x40) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Baseline,
        0x4D => (Constraints & 0x80) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Main,
        0x58 when (Constraints & 0xC0) == 0xC0 => H264Profile.ConstrainedBaseline,
        0x58 => (Constraints & 0x80) != 0 ? H264Profile.Baseline : H264Profile.Extended,
        0x64 => (Constraints & 0x0C) == 0x0C ? H264Profile.ConstrainedHigh : H264Profile.High,
        _ => H264Profile.Other,
    };

    /// <summary>Ten times the level, with level 1b between 1 and 1.1 as 10.5 would be: comparable.</summary>
    public double Level =>
        LevelIdc == 9 || (LevelIdc == 11 && (Constraints & 0x10) != 0 && ProfileIdc is 0x42 or 0x4D or 0x58) ? 10.5 : LevelIdc;

    /// <summary>Reads six hex digits; null and empty text mean <see cref="Default"/>.</summary>
    public static bool TryParse(string? text, out ProfileLevelId id)
    {
        id = Default;
        if (string.IsNullOrEmpty(text)) return true;
        if (text.Length != 6) return false;
        if (!uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        id = new((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        return true;
    }

    /// <summary>True where a decoder of this profile understands the tools of <paramref name="stream"/> (level not considered).</summary>
    public bool CanDecode(ProfileLevelId stream) => (Profile, stream.Profile) switch
    {
        var (mine, theirs) when mine == theirs => mine != H264Profile.Other || ProfileIdc == stream.ProfileIdc,
        (H264Profile.Other or H264Profile.ConstrainedBaseline, _) => false,
        (_, H264Profile.ConstrainedBaseline) => true,
        (H264Profile.High, H264Profile.Main or H264Profile.ConstrainedHigh) => true,
        (H264Profile.Extended, H264Profile.Baseline) => true,
        _ => false,
    };

    /// <summary>
    /// The offer that fits best: the same profile before a wider one, then the nearest level. -1 where none can decode it.
    /// </summary>
    public static int Closest(IReadOnlyList<ProfileLevelId> offers, ProfileLevelId stream)
    {
        var (best, bestScore) = (-1, double.MaxValue);
        for (var i = 0; i < offers.Count; i++)
        {
            if (!offers[i].CanDecode(stream)) continue;
            var score = (offers[i].Profile == stream.Profile ? 0 : 1000) + Math.Abs(offers[i].Level - stream.Level);
            if (score < bestScore) (best, bestScore) = (i, score);
        }

        return best;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProfileIdc:x2}{Constraints:x2}{LevelIdc:x2}");
}
