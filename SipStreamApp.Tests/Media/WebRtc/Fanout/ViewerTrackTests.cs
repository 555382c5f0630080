using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Fanout;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Fanout;

public class ViewerTrackTests
{
    private static readonly byte[] Key = new byte[16];
    private static readonly byte[] Salt = new byte[12];

    [Fact]
    public void Write_Again_IsByteForByteTheSame()
    {
        // Under GCM a second content with the same index would give the authentication key away.
        using var srtp = new SrtpSender(SrtpProfile.AeadAes128Gcm, Key, Salt);
        var track = new ViewerTrack(MediaKind.Video, Codec.H264, new Ssrc(7), 103, 0x7FFE, 12345);
        track.Start(10, liveFromFrame: 5, liveTimestamp: 900_000);
        var payload = new byte[1000];
        byte[] first = new byte[1200], again = new byte[1200];
        for (var index = 10L; index < 20; index++)
        {
            var packet = new StoredPacket { Frame = index / 3, Timestamp = (uint)(index / 3 * 3600), Marker = index % 3 == 2, Length = 1000 };
            var length = track.Write(packet, index, payload, srtp, first);
            track.Cursor = index + 1;
            Assert.Equal(1000 + 12 + 16, length);
            Assert.Equal(length, track.Write(packet, index, payload, srtp, again));
            Assert.Equal(first, again);
        }
    }

    [Fact]
    public void IndexOf_AcrossTheWrap_FindsTheNewestPacketOfThatNumber()
    {
        using var srtp = new SrtpSender(SrtpProfile.AeadAes128Gcm, Key, Salt);
        var track = new ViewerTrack(MediaKind.Video, Codec.H264, new Ssrc(7), 103, 0x7000, 0);
        track.Start(0, 0, 0);
        var buffer = new byte[100];
        foreach (var index in (long[])[0, 40_000, 70_000, 200_000])
        {
            var packet = new StoredPacket { Length = 0 };
            track.Cursor = index + 1;
            Assert.NotEqual(0, track.Write(packet, index, [], srtp, buffer));
            Assert.Equal(index, track.IndexOf((ushort)(buffer[2] << 8 | buffer[3])));
        }
    }

    [Fact]
    public void Stop_ThenStart_NeverUsesAnIndexTwice()
    {
        using var srtp = new SrtpSender(SrtpProfile.AeadAes128Gcm, Key, Salt);
        using var receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, Key, Salt);
        var track = new ViewerTrack(MediaKind.Video, Codec.H264, new Ssrc(7), 103, 1, 0);
        var seen = new HashSet<ulong>();
        foreach (var start in (long[])[0, 500, 2000])
        {
            track.Start(start, 0, 0);
            for (var index = start; index < start + 100; index++)
            {
                var buffer = new byte[200];
                var length = track.Write(new StoredPacket { Frame = index }, index, [1, 2, 3], srtp, buffer);
                track.Cursor = index + 1;
                Assert.Equal(SrtpStatus.Ok, receiver.Unprotect(buffer.AsSpan(0, length), out _, out var used));
                Assert.True(seen.Add(used));
            }

            track.Stop();
        }

        Assert.Equal(300ul, seen.Max() - seen.Min() + 1);
    }
}
