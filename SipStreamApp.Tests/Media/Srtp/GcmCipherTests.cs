using System.Buffers.Binary;
using System.Security.Cryptography;
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class GcmCipherTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void SealAndOpen_EveryLength_AgreeWithThePlatform(int keyLength)
    {
        var random = new Random(keyLength);
        var key = Bytes(random, keyLength);
        using var platform = new AesGcm(key, 16);
        using var own = GcmCipher.Create(key, SrtpEngine.Automatic);
        for (var length = 0; length <= 1500; length += length < 400 ? 1 : 7)
        {
            var plain = Bytes(random, length);
            var aad = Bytes(random, length % 7 == 0 ? length / 3 : 12 + length % 5 * 4);
            var nonce = Bytes(random, 12);
            var (expected, expectedTag) = (new byte[length], new byte[16]);
            platform.Encrypt(nonce, plain, expected, expectedTag, aad);
            var (cipher, tag) = (new byte[length + 3], new byte[16]);
            own.Seal(Iv(nonce), aad, plain, cipher.AsSpan(0, length), tag);
            Assert.Equal(expected, cipher[..length]);
            Assert.Equal(expectedTag, tag);
            Assert.Equal(new byte[3], cipher[length..]);
            Assert.True(own.Open(Iv(nonce), aad, cipher.AsSpan(0, length), cipher.AsSpan(0, length), tag));
            Assert.Equal(plain, cipher[..length]);
            own.Seal(Iv(nonce), aad, cipher.AsSpan(0, length), cipher.AsSpan(0, length), tag);
            Assert.Equal(expected, cipher[..length]);
        }
    }

    [Theory]
    [InlineData("Automatic")]
    [InlineData("Portable")]
    public void Open_AnyBitOfTagOrTextWrong_FailsAndLeavesTheTextAsItCame(string engine)
    {
        var random = new Random(5);
        using var cipher = GcmCipher.Create(Bytes(random, 16), Enum.Parse<SrtpEngine>(engine));
        var iv = Iv(Bytes(random, 12));
        var (aad, text, tag) = (Bytes(random, 20), Bytes(random, 300), new byte[16]);
        cipher.Seal(iv, aad, text, text, tag);
        for (var bit = 0; bit < 128; bit++)
        {
            tag[bit / 8] ^= (byte)(1 << bit % 8);
            var copy = text.ToArray();
            Assert.False(cipher.Open(iv, aad, copy, copy, tag));
            Assert.Equal(text, copy);
            tag[bit / 8] ^= (byte)(1 << bit % 8);
        }

        for (var at = 0; at < text.Length; at++)
        {
            var copy = text.ToArray();
            copy[at] ^= 0x10;
            Assert.False(cipher.Open(iv, aad, copy, copy, tag));
        }

        aad[^1] ^= 1;
        Assert.False(cipher.Open(iv, aad, text, text, tag));
        aad[^1] ^= 1;
        Assert.True(cipher.Open(iv, aad, text, text, tag));
    }

    private static GcmIv Iv(ReadOnlySpan<byte> nonce) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(nonce), BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
