using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>The inbound side of one m-line: follows what was negotiated and what is really sent, and hands packets to the assembler.</summary>
internal sealed class InboundTrack(RtpLeg leg, StreamTimeline timeline, MediaFramePool frames) : IDisposable
{
    private readonly FrameAssembler _frames = new(leg.Kind, timeline, frames);
    private PayloadMapping? _mapping;

    public RtpLeg Leg { get; } = leg;

    /// <summary>What comes in, as last seen or negotiated; null where the line is not in use.</summary>
    public TrackFormat? Format => Leg.Negotiated is null ? null : _frames.Format ?? _mapping?.Format;

    /// <summary>Whole frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Of these, frames decoding can start at.</summary>
    public long Keyframes { get; private set; }

    public SoundLevel Level { get; } = new();

    /// <summary>True where decoding cannot go on without a keyframe.</summary>
    public bool KeyframeWanted => _frames.KeyframeWanted;

    public void Configure(NegotiatedMedia? media, Instant now)
    {
        Leg.Configure(media, now);
        if (Leg.Negotiated is not { Receive: [var first, ..] }) return;
        // A re-INVITE that keeps the codec must not cost a picture: the depacketiser and its parameter sets stay.
        if (_mapping is null || !Leg.Negotiated.Receive.Any(m => m.PayloadType == _mapping.PayloadType && m.Format.Codec == _mapping.Format.Codec)) Use(first);
    }

    /// <summary>Takes a packet; false where it carries no frame data (DTMF, unknown).</summary>
    public bool Push(in ReceivedPacket packet)
    {
        if (_mapping is null) return false;
        if (packet.PayloadType != _mapping.PayloadType)
        {
            var type = packet.PayloadType;
            if (Leg.Negotiated?.Receive.FirstOrDefault(m => m.PayloadType == type) is not { } other) return false;
            var clockBefore = _frames.ClockRate;
            Use(other);
            // The packet's ticks still count in the old clock; the next one comes in the new.
            if (_frames.ClockRate != clockBefore)
            {
                Leg.ChangeClock(_frames.ClockRate);
                return false;
            }
        }

        _frames.Push(in packet);
        return true;
    }

    public bool TryTake(out MediaFrame frame)
    {
        if (!_frames.TryTake(out frame)) return false;
        Frames++;
        if (frame.IsKeyframe) Keyframes++;
        Level.Add(frame.Format.Codec, frame.Data);
        return true;
    }

    public void OnSenderReport(in ReceivedSenderReport report) => _frames.OnSenderReport(in report);

    public CallMediaSnapshot Figures(Instant now, long keyframeRequests)
    {
        var seen = Leg.Receiver.Statistics;
        var video = Leg.Kind == MediaKind.Video;
        return new CallMediaSnapshot(
            Leg.Kind, Format, Leg.LocalPort, Leg.RemoteAddress.IsEmpty ? null : Leg.RemoteAddress.ToString(), seen.Received, Math.Max(0, seen.Lost),
            seen.Expected > 0 ? Math.Clamp(100.0 * seen.Lost / seen.Expected, 0, 100) : 0, seen.JitterMilliseconds, Leg.Sender.RoundTrip?.TotalMilliseconds,
            Leg.Sender.Packets, seen.Bytes, _frames.FramesIncomplete, video ? keyframeRequests : 0,
            Leg.Receiver.LastPacketAt == Instant.Never ? null : now - Leg.Receiver.LastPacketAt);
    }

    public void Dispose()
    {
        Leg.Dispose();
        _frames.Dispose();
    }

    private void Use(PayloadMapping mapping)
    {
        _mapping = mapping;
        _frames.Use(mapping.Format);
    }
}
