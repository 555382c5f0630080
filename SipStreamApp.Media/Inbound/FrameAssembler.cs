using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;

namespace SipStreamApp.Media.Inbound;

/// <summary>Packets of one track, in order, become frames with a place on the stream's time line. What every input by RTP has in common.</summary>
internal sealed class FrameAssembler(MediaKind kind, StreamTimeline timeline, MediaFramePool frames) : IDisposable
{
    private TrackClock? _clock;
    private Depacketizer? _depacketizer;
    private long _incompleteBefore;

    /// <summary>What comes in, as last seen; null before <see cref="Use"/>.</summary>
    public TrackFormat? Format => _depacketizer?.Format;

    /// <summary>RTP clock of the format in use, Hz; 0 before <see cref="Use"/>.</summary>
    public int ClockRate { get; private set; }

    /// <summary>True where decoding cannot go on without a keyframe.</summary>
    public bool KeyframeWanted => _depacketizer is { KeyframeWanted: true };

    /// <summary>Frames that lacked a packet or were malformed.</summary>
    public long FramesIncomplete => _incompleteBefore + (_depacketizer?.FramesIncomplete ?? 0);

    /// <summary>What follows is of this format; a frame in the making is dropped.</summary>
    public void Use(TrackFormat format)
    {
        ReleaseUntaken();
        _incompleteBefore = FramesIncomplete;
        _depacketizer = Depacketizer.Create(format, frames);
        if (_clock is null) _clock = timeline.AddTrack(kind, format.ClockRate);
        else if (ClockRate != format.ClockRate) _clock.Restart(format.ClockRate);
        ClockRate = format.ClockRate;
    }

    /// <summary>Takes a packet of the format in use.</summary>
    public void Push(in ReceivedPacket packet)
    {
        if (packet.NewSource) _clock!.OnNewSource();
        _clock!.OnPacket(packet.MediaTicks, packet.ArrivedAt);
        _depacketizer!.Push(packet.Payload, packet.Marker, packet.MediaTicks, packet.Gap, packet.ArrivedAt);
    }

    /// <summary>The next whole frame; the lease on it passes to the caller.</summary>
    public bool TryTake(out MediaFrame frame)
    {
        var taken = _depacketizer!.TryTake(out var assembled);
        frame = taken ? assembled.Complete(_clock!.ToStreamTime(assembled.MediaTicks)) : null!;
        return taken;
    }

    public void OnSenderReport(in ReceivedSenderReport report) => _clock?.OnSenderReport(report.Ntp, report.MediaTicks, report.ArrivedAt);

    public void Dispose() => ReleaseUntaken();

    private void ReleaseUntaken()
    {
        while (_depacketizer is not null && _depacketizer.TryTake(out var left)) left.Frame.Release();
    }
}
