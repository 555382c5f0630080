using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>The inbound side of one m-line: packets in order become frames with a place on the stream's time line.</summary>
internal sealed class InboundTrack(RtpLeg leg, StreamTimeline timeline, MediaFramePool frames) : IDisposable
{
    private TrackClock? _clock;
    private Depacketizer? _depacketizer;
    private PayloadMapping? _mapping;
    private int _clockRate;
    private long _incompleteBefore;

    public RtpLeg Leg { get; } = leg;

    /// <summary>What comes in, as last seen or negotiated; null where the line is not in use.</summary>
    public TrackFormat? Format => Leg.Negotiated is null ? null : _depacketizer?.Format ?? _mapping?.Format;

    /// <summary>Whole frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Of these, frames decoding can start at.</summary>
    public long Keyframes { get; private set; }

    public SoundLevel Level { get; } = new();

    /// <summary>True where decoding cannot go on without a keyframe.</summary>
    public bool KeyframeWanted => _depacketizer is { KeyframeWanted: true };

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
            var clockBefore = _clockRate;
            Use(other);
            // The packet's ticks still count in the old clock; the next one comes in the new.
            if (_clockRate != clockBefore)
            {
                Leg.ChangeClock(_clockRate);
                return false;
            }
        }

        if (packet.NewSource) _clock!.OnNewSource();
        _clock!.OnPacket(packet.MediaTicks, packet.ArrivedAt);
        _depacketizer!.Push(packet.Payload, packet.Marker, packet.MediaTicks, packet.Gap, packet.ArrivedAt);
        return true;
    }

    public bool TryTake(out MediaFrame frame)
    {
        var taken = _depacketizer!.TryTake(out var assembled);
        frame = taken ? assembled.Complete(_clock!.ToStreamTime(assembled.MediaTicks)) : null!;
        if (!taken) return false;
        Frames++;
        if (frame.IsKeyframe) Keyframes++;
        Level.Add(frame.Format.Codec, frame.Data);
        return true;
    }

    public void OnSenderReport(in ReceivedSenderReport report) => _clock?.OnSenderReport(report.Ntp, report.MediaTicks, report.ArrivedAt);

    public CallMediaSnapshot Figures(Instant now, long keyframeRequests)
    {
        var seen = Leg.Receiver.Statistics;
        var video = Leg.Kind == MediaKind.Video;
        return new CallMediaSnapshot(
            Leg.Kind, Format, Leg.LocalPort, Leg.RemoteAddress.IsEmpty ? null : Leg.RemoteAddress.ToString(), seen.Received, Math.Max(0, seen.Lost),
            seen.Expected > 0 ? Math.Clamp(100.0 * seen.Lost / seen.Expected, 0, 100) : 0, seen.JitterMilliseconds, Leg.Sender.RoundTrip?.TotalMilliseconds,
            Leg.Sender.Packets, seen.Bytes, _incompleteBefore + (_depacketizer?.FramesIncomplete ?? 0), video ? keyframeRequests : 0,
            Leg.Receiver.LastPacketAt == Instant.Never ? null : now - Leg.Receiver.LastPacketAt);
    }

    public void Dispose()
    {
        Leg.Dispose();
        ReleaseUntaken();
    }

    private void Use(PayloadMapping mapping)
    {
        ReleaseUntaken();
        _incompleteBefore += _depacketizer?.FramesIncomplete ?? 0;
        (_mapping, _depacketizer) = (mapping, Depacketizer.Create(mapping.Format, frames));
        if (_clock is null) _clock = timeline.AddTrack(Leg.Kind, mapping.Format.ClockRate);
        else if (_clockRate != mapping.Format.ClockRate) _clock.Restart(mapping.Format.ClockRate);
        _clockRate = mapping.Format.ClockRate;
    }

    private void ReleaseUntaken()
    {
        while (_depacketizer is not null && _depacketizer.TryTake(out var left)) left.Frame.Release();
    }
}
