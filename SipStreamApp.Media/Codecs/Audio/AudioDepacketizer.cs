// RFC 3551 sections 4.5.2 and 4.5.14 (G.722, PCMU, PCMA) and RFC 7587 section 4.2 (Opus): the payload is the frame.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Passes sound on: one packet, one frame.</summary>
internal sealed class AudioDepacketizer(TrackFormat format, MediaFramePool pool, DepacketizerOptions options)
    : Depacketizer(format, pool, options)
{
    private bool _afterGap;

    public override void Push(ReadOnlySpan<byte> payload, bool marker, long mediaTicks, bool gapBefore, Instant arrivedAt)
    {
        _afterGap |= gapBefore;
        if (payload.IsEmpty) return;
        if (payload.Length > Options.MaxFrameBytes)
        {
            FramesOversize++;
            _afterGap = true;
            return;
        }

        Deliver(default, payload, true, mediaTicks, arrivedAt, _afterGap);
        _afterGap = false;
    }

    public override void Restart() => _afterGap = true;
}
