// RFC 7741 section 4: RTP payload format for VP8.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Puts VP8 frames together.</summary>
internal sealed class Vp8Depacketizer(TrackFormat format, MediaFramePool pool, DepacketizerOptions options)
    : VideoDepacketizer(format, pool, options)
{
    private int _partition;

    protected override void Begin() => _partition = -1;

    protected override bool Accept(ReadOnlySpan<byte> payload)
    {
        if (!Vp8Descriptor.TryParse(payload, out var descriptor, out var data))
        {
            PacketsRefused++;
            return false;
        }

        // The first packet must be the first of the frame; after that partitions only count up, each from its start
        // (section 4.2: a packet may hold the end of one partition and further whole ones).
        var first = _partition < 0;
        if (first != descriptor.StartsFrame) return false;
        if (descriptor.Partition < _partition) return false;
        _partition = descriptor.Partition;
        return Append(data);
    }

    protected override FrameVerdict Finish(out bool isKeyframe)
    {
        isKeyframe = false;
        if (!Vp8FrameHeader.IsKeyframe(Gathered)) return Gathered.IsEmpty ? FrameVerdict.Absorbed : FrameVerdict.Complete;
        if (!Vp8FrameHeader.TryReadSize(Gathered, out var width, out var height)) return FrameVerdict.Broken;
        isKeyframe = true;
        if (Format.Width != width || Format.Height != height) Format = Format with { Width = width, Height = height };
        return FrameVerdict.Complete;
    }
}
