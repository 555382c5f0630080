using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>One packet of sound on its way out.</summary>
internal delegate void SoundSink(ReadOnlySpan<byte> payload, TimeSpan at, bool afterGap);

/// <summary>
/// Decides what sound is sent: the call's, silence where it pauses or is muted, or a file. Servers stall on a track that pauses, so the
/// line never does; silence keeps the codec of the call, so nothing has to be told to ffmpeg.
/// </summary>
internal sealed class SoundLine(Codec codec, int clockRate, PushSound control, SoundSink sink)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    // Less is jitter, and the time line of the file format makes up for it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    // How far sound may lag behind before it is made up, and how much room is then left for what may still come.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Room = TimeSpan.FromMilliseconds(300);

    // Beyond this the time line was broken, not the sound: it starts again instead of being filled.
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private TimeSpan? _next;
    private bool _isMadeUp;

    /// <summary>From here on sound is due: the first picture's time.</summary>
    public void StartAt(TimeSpan time) => _next ??= time;

    /// <summary>Takes a packet of the call.</summary>
    public void Take(MediaFrame frame, bool afterSkip)
    {
        var ticks = AudioDuration.Ticks(frame.Format.Codec, frame.Data);
        var end = frame.StreamTime + (ticks > 0 ? TimeSpan.FromSeconds((double)ticks / clockRate) : Step);
        if (_next is not { } next) _next = next = frame.StreamTime;
        if (frame.StreamTime - next > Break || next - frame.StreamTime > Break) _next = next = frame.StreamTime;
        if (control.Replaces(codec))
        {
            MakeUp(end);
            return;
        }

        if (frame.StreamTime < next - Step / 2 && end <= next) return; // made up already
        // Where silence was made up it goes on to the very first packet: what is left over is less than half a packet.
        if (frame.StreamTime - next >= (_isMadeUp ? Step / 2 : Pause)) MakeUp(frame.StreamTime);
        sink(frame.Data, frame.StreamTime, (frame.AfterGap || afterSkip) && frame.StreamTime - (_next ?? next) > Pause);
        (_next, _isMadeUp) = (end, false);
    }

    /// <summary>Makes up for sound that should have come by now.</summary>
    /// <param name="streamTime">Where the stream must be by the clock.</param>
    public void Tick(TimeSpan streamTime)
    {
        if (_next is not { } next) return;
        if (streamTime - next > Break + Late) _next = streamTime - Late;
        else if (streamTime - next > Late) MakeUp(streamTime - Room);
    }

    private void MakeUp(TimeSpan until)
    {
        for (var at = _next!.Value; at + Step <= until + Step / 2; at += Step)
        {
            var payload = control.NextPacket(codec);
            sink(payload.IsEmpty ? SilenceSource.Payload(codec).Span : payload, at, false);
            (_next, _isMadeUp) = (at + Step, true);
        }
    }
}
