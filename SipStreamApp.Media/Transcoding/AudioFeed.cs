using System.Buffers;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Transcoding;

/// <summary>
/// Makes an unbroken run of samples of frames that come with pauses, and remembers which stream time each sample has. A child that only
/// counts samples then cannot drift: its output is put back on the time line by <see cref="TimeOf"/>. Pure; one owner.
/// </summary>
internal sealed class AudioFeed(FeedCodec codec)
{
    // Below this a difference is the sender's jitter or drift: it moves the times, not the samples.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(60);

    // A longer jump is a new time line; it is not filled with sound.
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Sample, TimeSpan Time)> _anchors = new();
    private (long Sample, TimeSpan Time) _current;
    private long _samples;
    private bool _madeUp;

    public FeedCodec Codec => codec;

    /// <summary>Stream time up to which there is sound; null before the first.</summary>
    public TimeSpan? End { get; private set; }

    /// <summary>Samples written at 48 kHz.</summary>
    public long Samples48 => _samples * 48000 / codec.Rate;

    /// <summary>Writes a frame, with silence before it where time was left out. False where it was not wanted.</summary>
    public bool Push(ReadOnlySpan<byte> payload, TimeSpan time, IBufferWriter<byte> output)
    {
        if (End is { } end)
        {
            var error = time - end;
            if (error < (_madeUp ? -Pause / 2 : -Overlap) && error > -Jump) return false;
            if (error >= Pause && error < Jump) Silence(time, output);
        }

        // What silence cannot fill exactly, and what drifts, is told here.
        Anchor(time);
        var count = codec.Write(payload, output);
        if (count == 0) return false;
        Advance(count, time);
        _madeUp = false;
        return true;
    }

    /// <summary>Writes silence up to a stream time; before the first frame this is where the sound begins.</summary>
    public void Silence(TimeSpan until, IBufferWriter<byte> output)
    {
        End ??= until - Pause;
        var time = End.Value;
        var count = (int)((until - time).Ticks * codec.Rate / TimeSpan.TicksPerSecond);
        if (count <= 0) return;
        Anchor(time);
        Advance(codec.WriteSilence(count, output), time);
        _madeUp = true;
    }

    /// <summary>The stream time of a sample of the output, counted at 48 kHz. Samples have to be asked for in order.</summary>
    public TimeSpan TimeOf(long sample48)
    {
        var sample = sample48 * codec.Rate / 48000;
        while (_anchors.TryPeek(out var next) && next.Sample <= sample) _current = _anchors.Dequeue();
        return _current.Time + TimeSpan.FromTicks((sample - _current.Sample) * TimeSpan.TicksPerSecond / codec.Rate);
    }

    private void Anchor(TimeSpan time)
    {
        if (_samples == 0) _current = (0, time);
        else _anchors.Enqueue((_samples, time));
    }

    private void Advance(int count, TimeSpan time)
    {
        _samples += count;
        End = time + TimeSpan.FromTicks(count * TimeSpan.TicksPerSecond / codec.Rate);
    }
}
