// RFC 5769 section 2: test vectors with short-term credentials.
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Ice;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Ice;

public class StunVectorTests
{
    private static readonly byte[] Password = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    private static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36" +
        "000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    private static readonly byte[] ResponseIPv4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643" +
        "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

    private static readonly byte[] ResponseIPv6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9" +
        "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c");

    [Fact]
    public void Request_2_1_IsReadAndGenuine()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));
        Assert.Equal(StunType.BindingRequest, message.Type);
        Assert.Equal("evtj:h6vY", Encoding.ASCII.GetString(message.Username));
        Assert.Equal(0x6E0001FFu, message.Priority);
        Assert.Equal(0x932FF9B151263B36ul, message.IceControlled);
        Assert.True(message.HasValidIntegrity(Password));
        Assert.False(message.HasValidIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
    }

    [Theory]
    [InlineData(4, "192.0.2.1:32853")]
    [InlineData(6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void Response_2_2_And_2_3_NameTheAddress(int version, string expected)
    {
        Assert.True(StunMessage.TryParse(version == 4 ? ResponseIPv4 : ResponseIPv6, out var message));
        Assert.True(message.HasValidIntegrity(Password));
        Assert.True(StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out var address));
        Assert.True(PeerAddress.TryParse(expected, out var wanted));
        Assert.Equal(wanted, address);
    }

    [Fact]
    public void TryParse_AnyChangedBit_FailsFingerprintOrIntegrity()
    {
        for (var bit = 0; bit < Request.Length * 8; bit++)
        {
            // Type and length of FINGERPRINT: another attribute behind MESSAGE-INTEGRITY is ignored, and the rest still is genuine.
            if (bit / 8 is >= 100 and < 104) continue;
            var damaged = (byte[])Request.Clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(StunMessage.TryParse(damaged, out var message) && message.HasValidIntegrity(Password), $"bit {bit}");
        }
    }

    [Fact]
    public void Writer_WhatItWrites_IsReadBack()
    {
        Span<byte> buffer = stackalloc byte[256];
        Assert.True(PeerAddress.TryParse("[2001:db8::7]:4711", out var mapped));
        var writer = new StunWriter(buffer, StunType.BindingSuccess, "0123456789ab"u8);
        writer.XorMappedAddress(mapped);
        writer.Attribute(StunAttribute.Username, "odd"u8);
        var length = writer.Finish(Password);
        Assert.True(StunMessage.TryParse(buffer[..length], out var message));
        Assert.True(message.HasValidIntegrity(Password));
        Assert.True(StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out var address));
        Assert.Equal(mapped, address);
        Assert.Equal("odd", Encoding.ASCII.GetString(message.Username));
    }

    [Fact]
    public void Writer_TooSmallTarget_ReturnsZero()
    {
        Span<byte> buffer = stackalloc byte[40];
        var writer = new StunWriter(buffer, StunType.BindingSuccess, "0123456789ab"u8);
        writer.XorMappedAddress(default);
        Assert.Equal(0, writer.Finish(Password));
    }

    [Fact]
    public void TryParse_RandomAndMutatedBytes_NeverThrows()
    {
        var random = new Random(8489);
        var parsed = 0;
        Span<byte> buffer = stackalloc byte[200];
        for (var i = 0; i < 200_000; i++)
        {
            var data = buffer[..random.Next(buffer.Length)];
            if (i % 2 == 0) random.NextBytes(data);
            else
            {
                data = buffer[..Request.Length];
                Request.CopyTo(data);
                for (var m = random.Next(1, 5); m > 0; m--) data[random.Next(data.Length)] = (byte)random.Next(256);
                // Without a fingerprint there is more to reach.
                if (random.Next(2) == 0) data = data[..^8];
                if (random.Next(2) == 0) data[3] = (byte)(data.Length - 20);
            }

            if (!StunMessage.TryParse(data, out var message)) continue;
            parsed++;
            _ = message.HasValidIntegrity(Password);
            _ = StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out _);
        }

        Assert.InRange(parsed, 1, 200_000);
    }
}
