using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <content>What goes out: packets to each viewer, the paced past, and sender reports.</content>
internal sealed partial class StreamFanout
{
    private void Pump(IFanoutViewer viewer, Instant now)
    {
        if (viewer.Audio is { Started: true } audio) Pump(viewer, audio, _audio.Store, now);
        if (viewer.Video is { Started: true } video) Pump(viewer, video, _video.Store, now);
    }

    private void Pump(IFanoutViewer viewer, ViewerTrack track, PacketStore store, Instant now)
    {
        var end = store.Next;
        if (track.CatchingUp && end - track.Cursor > _options.ReplayBurst)
        {
            end = track.Cursor + _options.ReplayBurst;
            if (_stepTimer.Deadline == Instant.Never) _stepTimer.Set(now + _options.ReplayStep);
        }
        else track.CatchingUp = false;

        if (track.Cursor < store.First)
        {
            // The bound of the store went past this viewer: only a keyframe helps it.
            track.Stop();
            Stream.RequestKeyframe();
            return;
        }

        var (srtp, remote) = (viewer.Srtp, viewer.Remote);
        for (var index = track.Cursor; index < end; index++)
        {
            ref readonly var packet = ref store[index];
            if (packet.Codec != track.Codec)
            {
                Unsendable++;
                continue;
            }

            var slot = _port.BeginSend(remote);
            var length = track.Write(packet, index, store.Payload(packet), srtp, slot);
            if (length == 0) continue;
            _port.EndSend(length);
            track.Count(packet.Length);
        }

        track.Cursor = end;
    }

    // The past comes in steps: a burst of a whole group of pictures would overrun the queue of an access link.
    private void OnStep(Instant now)
    {
        for (var i = 0; i < _viewers.Count; i++)
            if (_viewers[i].Video is { CatchingUp: true } video) Pump(_viewers[i], video, _video.Store, now);
    }

    private void OnReports(Instant now)
    {
        for (var i = 0; i < _viewers.Count; i++)
        {
            var viewer = _viewers[i];
            if (viewer.Audio is { } audio) Report(viewer, audio, _audio, now);
            if (viewer.Video is { } video) Report(viewer, video, _video, now);
        }

        ScheduleReports(now);
    }

    private void Report(IFanoutViewer viewer, ViewerTrack track, FanoutTrack source, Instant now)
    {
        if (now < track.NextReportAt) return;
        var known = source.LastLiveAt != Instant.Never && _epoch is not null && track.PacketsSent > 0;
        track.NextReportAt = now + (known ? _options.ReportInterval : _options.ReportRetry);
        if (!known) return;
        // Both halves move on by the same span, so the pair says exactly what the last live frame said.
        var elapsed = now - source.LastLiveAt;
        var ticks = (long)(elapsed.TotalSeconds * source.ClockRate);
        viewer.SendReport(track, _epoch!.Value.Add(source.LastStreamTime + elapsed), unchecked(track.Timestamp(source.LastTimestamp) + (uint)ticks), now);
    }

    private void ScheduleReports(Instant now)
    {
        var next = Instant.Never;
        for (var i = 0; i < _viewers.Count; i++)
        {
            if (_viewers[i].Audio is { } audio) next = Instant.Min(next, audio.NextReportAt);
            if (_viewers[i].Video is { } video) next = Instant.Min(next, video.NextReportAt);
        }

        // A stream that is silent keeps its viewers' reports at one per interval; nobody needs finer steps than this.
        _reportTimer.Set(next == Instant.Never ? next : Instant.Min(next, now + _options.ReportInterval));
    }
}
