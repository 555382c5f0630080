// Packets of the Web SDK's media socket: u8 type | i32 time in ms | i32 length of the body | body, all big-endian. The bodies are those of
// FLV tags (Adobe Flash Video File Format 10.1, E.4.3.1 VIDEODATA and E.4.2.1 AUDIODATA), sound without its first byte.
using System.Buffers;
using System.Buffers.Binary;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.SdkMse;

/// <summary>Writes single packets. Pure; nothing is kept.</summary>
internal static class SdkPacket
{
    public const byte Audio = 8;
    public const byte Video = 9;

    private const int Head = 9;

    // Frame type (1 key, 2 inter) and codec 7; then the kind of the body and three bytes of composition time, which is always 0 here.
    private const byte KeyPicture = 0x17;
    private const byte InterPicture = 0x27;
    private const byte Config = 0;
    private const byte Data = 1;
    private const int VideoHead = 5;

    /// <summary>The decoder configuration of a picture. False where its parameter sets are not known.</summary>
    public static bool TryWriteConfig(IBufferWriter<byte> output, TrackFormat format, int ms)
    {
        var most = AvcConfiguration.Length(format);
        if (most == 0) return false;
        var room = output.GetSpan(Head + VideoHead + most);
        // The SDK reads parameter sets only: what the high profiles have behind them it would take for its next packet.
        if (!AvcConfiguration.TryWrite(format, room[(Head + VideoHead)..], out var length, withTail: false)) return false;
        WriteVideoHead(room, KeyPicture, Config, ms, length);
        output.Advance(Head + VideoHead + length);
        return true;
    }

    /// <summary>A picture. False where nothing of it is left that a decoder needs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="frame">NAL units, each behind its length in 4 bytes.</param>
    /// <param name="described">The format of the last configuration: its parameter sets are not repeated.</param>
    /// <param name="isKeyframe">True for IDR pictures.</param>
    /// <param name="ms">Its time.</param>
    public static bool TryWritePicture(IBufferWriter<byte> output, ReadOnlySpan<byte> frame, TrackFormat described, bool isKeyframe, int ms)
    {
        var room = output.GetSpan(Head + VideoHead + frame.Length);
        var length = AvcSample.Copy(frame, described, room[(Head + VideoHead)..]);
        if (length == 0) return false;
        WriteVideoHead(room, isKeyframe ? KeyPicture : InterPicture, Data, ms, length);
        output.Advance(Head + VideoHead + length);
        return true;
    }

    /// <summary>The decoder configuration of AAC.</summary>
    public static void WriteAudioConfig(IBufferWriter<byte> output, TrackFormat format, int ms) => WriteAudio(output, Config, AacConfig.For(format), ms);

    /// <summary>A bare frame of AAC.</summary>
    public static void WriteSound(IBufferWriter<byte> output, ReadOnlySpan<byte> frame, int ms) => WriteAudio(output, Data, frame, ms);

    private static void WriteAudio(IBufferWriter<byte> output, byte kind, ReadOnlySpan<byte> body, int ms)
    {
        var room = output.GetSpan(Head + 1 + body.Length);
        WriteHead(room, Audio, ms, 1 + body.Length);
        room[Head] = kind;
        body.CopyTo(room[(Head + 1)..]);
        output.Advance(Head + 1 + body.Length);
    }

    private static void WriteVideoHead(Span<byte> room, byte frameType, byte kind, int ms, int length)
    {
        WriteHead(room, Video, ms, VideoHead + length);
        room[Head] = frameType;
        room[Head + 1] = kind;
        room.Slice(Head + 2, 3).Clear();
    }

    private static void WriteHead(Span<byte> room, byte type, int ms, int length)
    {
        room[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(room[1..], ms);
        BinaryPrimitives.WriteInt32BigEndian(room[5..], length);
    }
}
