// RFC 3550 (RTP), RFC 4585 (NACK), RFC 4588 (RTX): one track that a browser sends.
using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;

namespace SipStreamApp.Media.WebRtc.Publishing;

/// <summary>Receives one track: puts it in order, asks for what is missing, and joins it to frames. Loop's thread only.</summary>
internal sealed class PublishedTrack : IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly PublishedMedia _media;
    private readonly MissingPackets? _missing;

    public PublishedTrack(PublishedMedia media, PublicationSettings settings, StreamTimeline timeline, Instant now)
    {
        _media = media;
        _missing = media.Nack ? new MissingPackets() : null;
        // A browser spreads the packets of a large picture over as much as 300 ms, on purpose, and all have one timestamp: a target that adapts to
        // that would delay every picture by so much. A picture is whole when it is whole, and its players have buffers of their own.
        var jitter = new JitterOptions { Target = media.Kind == MediaKind.Audio ? settings.JitterTarget : TimeSpan.Zero };
        // What waits behind a gap waits as long as the missing packet may still come.
        if (_missing is not null) jitter = jitter with { ReorderWait = MissingPacketsOptions.Default.GiveUpAfter };
        Receiver = new RtpReceiver(media.Format.ClockRate, [new AcceptedPayload(media.PayloadType, media.Format.ClockRate)], new RtpReceiverOptions { Jitter = jitter });
        Rtcp = new RtcpSession(
            media.Local, settings.Cname, sender: null, Receiver, Random.Shared.Next(), now, new RtcpOptions { Interval = ReportEvery, ReducedSize = settings.ReducedSize });
        Frames = new FrameAssembler(media.Kind, timeline, settings.Frames);
        Frames.Use(media.Format);
    }

    public MediaKind Kind => _media.Kind;

    public Ssrc Local => _media.Local;

    public RtpReceiver Receiver { get; }

    public RtcpSession Rtcp { get; }

    public FrameAssembler Frames { get; }

    /// <summary>Keyframes asked for.</summary>
    public long KeyframesAsked { get; private set; }

    public Instant NextDeadline =>
        Instant.Min(Instant.Min(Receiver.NextDeadline, Rtcp.NextDeadline), _missing?.NextDeadline ?? Instant.Never);

    public bool Takes(PayloadType type) => type == _media.PayloadType || type == _media.Rtx;

    /// <summary>An authentic packet of one of this track's payload types.</summary>
    public void OnPacket(in RtpPacket packet, Span<byte> datagram, Instant now)
    {
        if (packet.PayloadType != _media.PayloadType)
        {
            OnResent(in packet, datagram, now);
            return;
        }

        var (source, sequence) = (Receiver.Source, packet.SequenceNumber);
        Receiver.Receive(datagram, now);
        if (_missing is null) return;
        if (Receiver.Source != source) _missing.Clear();
        if (_missing.Count > 0) _missing.OnArrived(sequence, now);
        if (Receiver.TryTakeMissing(out var first, out var count)) _missing.Add(first, count, now);
    }

    /// <summary>Asks for a keyframe, with the next feedback, which is at once.</summary>
    public void AskForKeyframe()
    {
        KeyframesAsked++;
        Rtcp.RequestKeyframe();
    }

    /// <summary>Looks what is to be asked for or reported by now.</summary>
    public void Tick(Instant now)
    {
        Rtcp.Tick(now);
        while (_missing is not null && _missing.TryTakeDue(now, out var first, out var count)) Rtcp.RequestMissing(first, count);
    }

    public PublishedTrackSnapshot Figures()
    {
        var seen = Receiver.Statistics;
        return new PublishedTrackSnapshot(
            Frames.Format!, seen.Received, Math.Max(0, seen.Lost), _missing?.Asked ?? 0, _missing?.Repaired ?? 0, Frames.FramesIncomplete, KeyframesAsked,
            seen.JitterMilliseconds);
    }

    public void Dispose() => Frames.Dispose();

    // Before the first packet of the track itself there is nothing to repair; browsers also send padding this way, to probe the line.
    private void OnResent(in RtpPacket packet, Span<byte> datagram, Instant now)
    {
        if (!Receiver.HasSource || !RtxPacket.TryRestore(datagram, in packet, _media.PayloadType, Receiver.Source, out var original, out var sequence)) return;
        _missing?.OnArrived(sequence, now);
        Receiver.Restore(original, now);
    }
}
