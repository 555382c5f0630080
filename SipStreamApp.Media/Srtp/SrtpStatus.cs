namespace SipStreamApp.Media.Srtp;

/// <summary>What became of a packet that came in.</summary>
internal enum SrtpStatus
{
    /// <summary>Genuine, first of its index, decrypted in place.</summary>
    Ok,

    /// <summary>Not an RTP or RTCP packet, or too short to hold a tag.</summary>
    Malformed,

    /// <summary>The tag does not fit: forged, damaged or under another key. Nothing was remembered.</summary>
    NotAuthentic,

    /// <summary>This index was received before.</summary>
    Replayed,

    /// <summary>The index lies behind the replay window.</summary>
    TooOld,

    /// <summary>Its SSRC would be one more than the limit; not looked at further, so that a flood costs no cryptography.</summary>
    TooManySources,
}

/// <summary>Which implementation of the ciphers is used.</summary>
internal enum SrtpEngine
{
    /// <summary>The fastest this machine has.</summary>
    Automatic,

    /// <summary>System.Security.Cryptography only; runs on every machine.</summary>
    Portable,
}
