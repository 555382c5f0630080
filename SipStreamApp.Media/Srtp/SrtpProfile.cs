// RFC 5764 section 4.1.2, RFC 7714 section 14.2: SRTP protection profiles; RFC 4568 section 6.2 for their names in SDP.
namespace SipStreamApp.Media.Srtp;

/// <summary>A protection profile; the value is its number in the DTLS use_srtp extension.</summary>
internal enum SrtpProfile : ushort
{
    None = 0,
    Aes128CmHmacSha1_80 = 0x0001,
    Aes128CmHmacSha1_32 = 0x0002,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}

/// <summary>The lengths and names that belong to a profile.</summary>
internal static class SrtpProfiles
{
    /// <summary>What to choose from an offer, cheapest for the machine first (measured: GCM costs about half of CM80).</summary>
    public static ReadOnlySpan<SrtpProfile> Preference =>
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.Aes128CmHmacSha1_32];

    extension(SrtpProfile profile)
    {
        public bool IsAead => profile is SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

        /// <summary>Bytes of the master key, and of each session encryption key.</summary>
        public int KeyLength => profile == SrtpProfile.AeadAes256Gcm ? 32 : 16;

        /// <summary>Bytes of the master salt, and of each session salt.</summary>
        public int SaltLength => profile.IsAead ? 12 : 14;

        /// <summary>Bytes that protection adds to an RTP packet.</summary>
        public int RtpOverhead => profile.IsAead ? 16 : profile == SrtpProfile.Aes128CmHmacSha1_32 ? 4 : 10;

        /// <summary>Bytes that protection adds to a compound RTCP packet: the tag and the index word.</summary>
        // The _32 profile shortens the RTP tag only (RFC 5764 section 4.1.2, RFC 4568 section 6.2).
        public int RtcpOverhead => (profile.IsAead ? 16 : 10) + 4;

        /// <summary>The crypto-suite name of SDP security descriptions.</summary>
        public string SdesName => profile switch
        {
            SrtpProfile.Aes128CmHmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
            SrtpProfile.Aes128CmHmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
            SrtpProfile.AeadAes128Gcm => "AEAD_AES_128_GCM",
            SrtpProfile.AeadAes256Gcm => "AEAD_AES_256_GCM",
            _ => "",
        };
    }

    /// <summary>Finds a profile by its SDP crypto-suite name.</summary>
    public static bool TryParseSdesName(ReadOnlySpan<char> name, out SrtpProfile profile)
    {
        foreach (var candidate in Preference)
        {
            if (!name.Equals(candidate.SdesName, StringComparison.OrdinalIgnoreCase)) continue;
            profile = candidate;
            return true;
        }

        profile = SrtpProfile.None;
        return false;
    }

    /// <summary>Maps a number of the DTLS use_srtp extension; false for profiles that are not supported.</summary>
    public static bool TryFromDtls(int id, out SrtpProfile profile)
    {
        profile = (SrtpProfile)id;
        if (Preference.Contains(profile)) return true;
        profile = SrtpProfile.None;
        return false;
    }
}
