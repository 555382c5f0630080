using System.Buffers.Binary;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

/// <summary>One RTP payload as the tests carry it from packetiser to depacketiser.</summary>
internal readonly record struct Payload(byte[] Bytes, bool Marker, long Ticks);

/// <summary>A drained frame with a copy of its bytes; the lease is already given back.</summary>
internal sealed record Taken(byte[] Bytes, bool IsKeyframe, long Ticks, bool AfterGap, TrackFormat Format);

internal static class CodecKit
{
    // From x264 through ffmpeg: constrained baseline 640x360 and main 1280x720.
    public static readonly byte[] Sps = Convert.FromHexString("6742c01ed900a02ff97011000003000100000300320f162e48");
    public static readonly byte[] OtherSps = Convert.FromHexString("674d401feca02802dd8088000003000800000301e078c18cb0");
    public static readonly byte[] Pps = Convert.FromHexString("68cb83cb20");

    /// <summary>A slice NAL unit: header, first_mb, slice_type, pps id 0, then random bytes that never make a start code.</summary>
    public static byte[] Slice(Random random, int length, bool idr, uint firstMb = 0, uint sliceType = 5)
    {
        var nal = new byte[Math.Max(length, 8)];
        for (var i = 0; i < nal.Length; i++) nal[i] = (byte)random.Next(1, 256);
        nal[0] = (byte)(idr ? 0x65 : 0x41);
        var bits = new List<int>();
        foreach (var value in (uint[])[firstMb, idr ? 7u : sliceType, 0u])
        {
            var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(value + 1);
            for (var i = 1; i < width; i++) bits.Add(0);
            for (var i = width - 1; i >= 0; i--) bits.Add((int)((value + 1) >> i) & 1);
        }

        while (bits.Count % 8 != 0) bits.Add(1);
        for (var i = 0; i < bits.Count; i++)
            nal[1 + i / 8] = (byte)((nal[1 + i / 8] & ~(0x80 >> i % 8)) | (bits[i] << (7 - i % 8)));
        return nal;
    }

    public static byte[] Frame(params byte[][] nals)
    {
        var frame = new byte[nals.Sum(n => n.Length + 4)];
        var at = 0;
        foreach (var nal in nals)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(at), nal.Length);
            nal.CopyTo(frame, at + 4);
            at += nal.Length + 4;
        }

        return frame;
    }

    /// <summary>Compares bytes at once; Assert.Equal on nested lists takes seconds.</summary>
    public static void AssertSame(IEnumerable<byte[]> expected, IReadOnlyList<Taken> taken)
    {
        var list = expected.ToList();
        Assert.Equal(list.Count, taken.Count);
        for (var i = 0; i < list.Count; i++) Assert.True(list[i].AsSpan().SequenceEqual(taken[i].Bytes), $"Frame {i} differs.");
    }

    public static MediaFrame Rent(MediaFramePool pool, TrackFormat format, ReadOnlySpan<byte> bytes, bool key = false, long ticks = 0)
    {
        var frame = pool.Rent(bytes.Length, out var room);
        bytes.CopyTo(room);
        frame.Complete(format, bytes.Length, key, ticks, TimeSpan.Zero, Instant.Zero);
        return frame;
    }

    public static List<Payload> Packetize(IPacketizer packetizer, TrackFormat format, byte[] bytes, int maxPayload, long ticks = 0)
    {
        var pool = new MediaFramePool();
        var frame = Rent(pool, format, bytes, ticks: ticks);
        var packets = new List<Payload>();
        var room = new byte[maxPayload];
        packetizer.Begin(frame, maxPayload);
        while (packetizer.TryNext(room, out var length, out var marker)) packets.Add(new(room[..length], marker, ticks));
        frame.Release();
        return packets;
    }

    public static List<Taken> Drain(Depacketizer depacketizer)
    {
        var frames = new List<Taken>();
        while (depacketizer.TryTake(out var a))
        {
            var frame = a.Complete(TimeSpan.Zero);
            frames.Add(new(frame.Data.ToArray(), a.IsKeyframe, a.MediaTicks, a.AfterGap, a.Format));
            frame.Release();
        }

        return frames;
    }

    public static List<Taken> Feed(Depacketizer depacketizer, IEnumerable<Payload> packets, int lost = -1)
    {
        var frames = new List<Taken>();
        var (i, gap) = (0, false);
        foreach (var packet in packets)
        {
            if (i++ == lost)
            {
                gap = true;
                continue;
            }

            depacketizer.Push(packet.Bytes, packet.Marker, packet.Ticks, gap, Instant.FromMilliseconds(i));
            gap = false;
            frames.AddRange(Drain(depacketizer));
        }

        return frames;
    }
}
