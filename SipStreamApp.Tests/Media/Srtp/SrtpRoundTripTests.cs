using System.Buffers.Binary;
using System.Security.Cryptography;
using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class SrtpRoundTripTests
{
    public static TheoryData<string> Profiles { get; } = new(SrtpKit.ProfileNames);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protect_FastAndPortable_GiveTheSameBytesAndOpenEachOther(string name)
    {
        var profile = SrtpKit.Profile(name);
        using var fast = SrtpKit.Sender(profile);
        using var portable = SrtpKit.Sender(profile, SrtpEngine.Portable);
        using var fastReceiver = SrtpKit.Receiver(profile);
        using var portableReceiver = SrtpKit.Receiver(profile, SrtpEngine.Portable);
        for (var i = 0; i < 1500; i += i < 300 ? 1 : 13)
        {
            var index = (ulong)i + 65000;
            var plain = SrtpKit.Rtp(index, payload: i, csrcs: i % 16, extensionWords: i % 5 - 1);
            var packet = fast.Protect(plain, index);
            Assert.Equal(plain.Length + profile.RtpOverhead, packet.Length);
            Assert.Equal(packet, portable.Protect(plain, index));
            var copy = packet.ToArray();
            Assert.Equal(SrtpStatus.Ok, fastReceiver.Unprotect(packet, out var length, out var received));
            Assert.Equal(plain, packet[..length]);
            Assert.Equal(index, received);
            Assert.Equal(SrtpStatus.Ok, portableReceiver.Unprotect(copy, out length));
            Assert.Equal(plain, copy[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void ProtectRtcp_FastAndPortable_GiveTheSameBytesAndOpenEachOther(string name)
    {
        var profile = SrtpKit.Profile(name);
        using var fast = SrtpKit.Sender(profile);
        using var portable = SrtpKit.Sender(profile, SrtpEngine.Portable);
        using var receiver = SrtpKit.Receiver(profile);
        for (var length = 8; length < 700; length += 4)
        {
            var plain = SrtpKit.Rtcp(length: length);
            var packet = fast.ProtectRtcp(plain);
            Assert.Equal(packet, portable.ProtectRtcp(plain));
            Assert.Equal(SrtpStatus.Ok, receiver.UnprotectRtcp(packet, out var received));
            Assert.Equal(plain, packet[..received]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Protect_SharedPayload_LeavesItUntouchedAndEqualsTheInPlaceForm(string name)
    {
        using var sender = SrtpKit.Sender(SrtpKit.Profile(name));
        var plain = SrtpKit.Rtp(7, payload: 1188, csrcs: 2, extensionWords: 3);
        var header = 12 + 8 + 4 + 12;
        var copy = plain.ToArray();
        var slot = new byte[2048];
        var written = sender.Protect(plain.AsSpan(0, header), plain.AsSpan(header), 7, slot);
        Assert.Equal(copy, plain);
        Assert.Equal(sender.Protect(plain, 7), slot[..written]);
        Assert.Equal(plain[..header], slot[..header]);
        Assert.True(slot.AsSpan(written).IndexOfAnyExcept((byte)0) < 0);
    }

    // An independent reading of RFC 3711, block by block, with nothing of the code under test but the key derivation.
    [Theory]
    [InlineData("Aes128CmHmacSha1_80", 10)]
    [InlineData("Aes128CmHmacSha1_32", 4)]
    public void Protect_CounterMode_AgreesWithASlowReference(string name, int tagLength)
    {
        var profile = SrtpKit.Profile(name);
        var (masterKey, masterSalt) = SrtpKit.Keys(profile);
        using var sender = SrtpKit.Sender(profile);
        using var aes = Aes.Create();
        aes.SetKey(SrtpSessionKeys.Derive(masterKey, masterSalt, 0, 16));
        var authentication = SrtpSessionKeys.Derive(masterKey, masterSalt, 1, 20);
        var salt = SrtpSessionKeys.Derive(masterKey, masterSalt, 2, 14);
        for (var i = 0; i < 1300; i += 11)
        {
            var index = 0xABCD_0000_0000UL | (ulong)i * 977;
            var plain = SrtpKit.Rtp(index, payload: i);
            var iv = new byte[16];
            salt.CopyTo(iv, 0);
            for (var b = 0; b < 4; b++) iv[4 + b] ^= (byte)(SrtpKit.Ssrc >> 24 - 8 * b);
            for (var b = 0; b < 6; b++) iv[8 + b] ^= (byte)(index >> 40 - 8 * b);
            var expected = plain.ToArray();
            for (var at = 0; at < i; at++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(iv.AsSpan(14), (ushort)(at / 16));
                expected[12 + at] ^= aes.EncryptEcb(iv, PaddingMode.None)[at % 16];
            }

            var roc = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(roc, (uint)(index >> 16));
            byte[] signed = [.. expected, .. roc];
            byte[] whole = [.. expected, .. HMACSHA1.HashData(authentication, signed)[..tagLength]];
            Assert.Equal(whole, sender.Protect(plain, index));
        }
    }

    [Fact]
    public void Split_ExporterOutput_CrossesTheTwoEnds()
    {
        foreach (var profile in SrtpProfiles.Preference)
        {
            var exported = new byte[DtlsSrtpKeys.ExportLength(profile)];
            for (var i = 0; i < exported.Length; i++) exported[i] = (byte)i;
            using var keys = DtlsSrtpKeys.Split(profile, exported);
            Assert.Equal(0, keys.ClientKey[0]);
            Assert.Equal(profile.KeyLength, keys.ServerKey[0]);
            Assert.Equal(2 * profile.KeyLength, keys.ClientSalt[0]);
            Assert.Equal(2 * profile.KeyLength + profile.SaltLength, keys.ServerSalt[0]);
            Assert.Equal(exported[^1], keys.ServerSalt[^1]);
            foreach (var server in (bool[])[true, false])
            {
                using var sender = keys.CreateSender(server);
                using var receiver = keys.CreateReceiver(!server);
                var packet = sender.Protect(SrtpKit.Rtp(5), 5);
                Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(packet, out _));
            }
        }
    }
}
