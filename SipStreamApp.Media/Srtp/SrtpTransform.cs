namespace SipStreamApp.Media.Srtp;

/// <summary>Encrypts and authenticates whole packets under the session keys of one direction. Keeps no memory of packets.</summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>
    /// Writes ciphertext and tag behind a header that stands in <paramref name="packet"/> already; its length includes the tag.
    /// The body may be where the ciphertext goes.
    /// </summary>
    public abstract void SealRtp(Span<byte> packet, int header, ReadOnlySpan<byte> body, uint ssrc, ulong index);

    /// <summary>Checks the tag, then decrypts in place. A packet that fails is left as it came.</summary>
    public abstract bool OpenRtp(Span<byte> packet, int header, uint ssrc, ulong index);

    /// <summary>As <see cref="SealRtp"/> for RTCP; the header is 8 bytes, index word and tag are appended.</summary>
    public abstract void SealRtcp(Span<byte> packet, ReadOnlySpan<byte> body, uint ssrc, uint index);

    /// <summary>As <see cref="OpenRtp"/> for RTCP; <paramref name="indexWord"/> includes the E bit.</summary>
    public abstract bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord);

    /// <summary>Where the index word of a protected RTCP packet stands, counted from the packet's end.</summary>
    public abstract int RtcpIndexFromEnd { get; }

    public abstract void Dispose();

    public static SrtpTransform Create(
        SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpEngine engine)
    {
        using var keys = new SrtpSessionKeys(profile, masterKey, masterSalt);
        return profile.IsAead ? new GcmTransform(keys, engine) : new CmTransform(keys, profile.RtpOverhead, engine);
    }
}
