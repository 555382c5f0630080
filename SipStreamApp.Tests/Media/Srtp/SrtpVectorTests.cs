// RFC 3711 appendix B.2 and B.3; RFC 7714 sections 16 and 17
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class SrtpVectorTests
{
    private const string Key128 = "000102030405060708090a0b0c0d0e0f";
    private const string Key256 = Key128 + "101112131415161718191a1b1c1d1e1f";
    private const string Salt = "517569642070726f2071756f";
    private const string Rtp = "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";

    private const string Rtcp = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                              + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    public static TheoryData<string, string, string> RtpVectors { get; } = new()
    {
        { "Automatic", Key128, "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                             + "899d7f27beb16a9152cf765ee4390cce" },
        { "Portable", Key128, "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                            + "899d7f27beb16a9152cf765ee4390cce" },
        { "Automatic", Key256, "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
                             + "7aa3db36dfffd6b0f9bb7878d7a76c13" },
    };

    public static TheoryData<string, string, string> RtcpVectors { get; } = new()
    {
        { "Automatic", Key128, "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded"
                             + "0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4" },
        { "Portable", Key128, "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded"
                            + "0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4" },
        { "Automatic", Key256, "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de047"
                             + "6f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4" },
    };

    [Fact]
    public void Derive_Rfc3711Vectors_GiveTheSessionKeys()
    {
        var key = Hex("E1F97A0D3E018BE0D64FA32C06DE4139");
        var salt = Hex("0EC675AD498AFEEBB6960B3AABE6");
        Assert.Equal(Hex("C61E7A93744F39EE10734AFE3FF7A087"), SrtpSessionKeys.Derive(key, salt, 0, 16));
        Assert.Equal(Hex("30CBBC08863D8C85D49DB34A9AE1"), SrtpSessionKeys.Derive(key, salt, 2, 14));
        Assert.Equal(
            Hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF7227098"
                + "6371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2"),
            SrtpSessionKeys.Derive(key, salt, 1, 94));
    }

    [Theory]
    [InlineData("Automatic")]
    [InlineData("Portable")]
    public void Xor_Rfc3711KeyStream_MatchesAtBothEnds(string engine)
    {
        using var cipher = CtrCipher.Create(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), Enum.Parse<SrtpEngine>(engine));
        var stream = new byte[0xFF02 * 16];
        cipher.Xor(0xF0F1F2F3F4F5F6F7, 0xF8F9FAFBFCFD0000, stream, stream);
        Assert.Equal(Hex("E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0"), stream[..48]);
        Assert.Equal(
            Hex("EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44"), stream[^48..]);
    }

    [Theory]
    [MemberData(nameof(RtpVectors))]
    public void SealAndOpenRtp_Rfc7714Section16_MatchByteForByte(string engine, string key, string expected)
    {
        using var transform = new GcmTransform(Hex(key), Hex(Salt), Hex(key), Hex(Salt), Enum.Parse<SrtpEngine>(engine));
        var plain = Hex(Rtp);
        var packet = new byte[plain.Length + 16];
        plain.AsSpan(0, 12).CopyTo(packet);
        transform.SealRtp(packet, 12, plain.AsSpan(12), 0x5501a0b2, 0xf17b);
        Assert.Equal(Hex(expected), packet);
        Assert.True(transform.OpenRtp(packet, 12, 0x5501a0b2, 0xf17b));
        Assert.Equal(plain, packet[..^16]);
    }

    [Theory]
    [MemberData(nameof(RtcpVectors))]
    public void SealAndOpenRtcp_Rfc7714Section17_MatchByteForByte(string engine, string key, string expected)
    {
        using var transform = new GcmTransform(Hex(key), Hex(Salt), Hex(key), Hex(Salt), Enum.Parse<SrtpEngine>(engine));
        var plain = Hex(Rtcp);
        var packet = new byte[plain.Length + 20];
        plain.AsSpan(0, 8).CopyTo(packet);
        transform.SealRtcp(packet, plain.AsSpan(8), 0x4d617273, 0x5d4);
        Assert.Equal(Hex(expected), packet);
        Assert.True(transform.OpenRtcp(packet, 0x4d617273, 0x800005d4));
        Assert.Equal(plain, packet[..^20]);
    }

    [Theory]
    [InlineData("Automatic")]
    [InlineData("Portable")]
    public void OpenRtcp_Rfc7714Section17_3WithoutEncryption_IsAccepted(string engine)
    {
        using var transform = new GcmTransform(Hex(Key128), Hex(Salt), Hex(Key128), Hex(Salt), Enum.Parse<SrtpEngine>(engine));
        var packet = Hex(Rtcp + "841dd9683dd78ec92ae58790125f62b3000005d4");
        Assert.True(transform.OpenRtcp(packet, 0x4d617273, 0x5d4));
        Assert.Equal(Hex(Rtcp), packet[..^20]);
        packet[20] ^= 1;
        Assert.False(transform.OpenRtcp(packet, 0x4d617273, 0x5d4));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
