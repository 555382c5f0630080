using System.Buffers;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.SdkMse;

/// <summary>
/// Frames of the hub in, packets for the Web SDK out. Begins with a keyframe; every keyframe has its configuration before it, so that the
/// SDK finds a place to begin again whenever it had to let go. Times count from the first packet, and never go back in a track. Pure.
/// </summary>
/// <param name="hasAudio">AAC will come.</param>
/// <param name="hasVideo">H.264 will come.</param>
/// <param name="keyframeWanted">Asks the source for a keyframe.</param>
internal sealed class SdkMuxer(bool hasAudio, bool hasVideo, Action keyframeWanted)
{
    // The SDK throws away what it has where times jump by 5 s, and then waits for a configuration: only a keyframe brings one.
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(4.5);

    // A player stops the picture where its sound has a hole. Beyond this the stream itself has one.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private TrackFormat? _described;
    private TrackFormat? _sound;
    private TimeSpan? _origin;
    private TimeSpan? _soundEnd;
    private TimeSpan _newestPicture;
    private int _videoMs = -1;
    private int _audioMs = -1;
    private bool _needsKeyframe = true;

    /// <summary>Stream time up to which sound was written; null before the first.</summary>
    public TimeSpan? SoundEnd => _soundEnd;

    /// <summary>Takes a frame; the lease stays with the caller.</summary>
    public void Push(in StreamItem item, IBufferWriter<byte> output)
    {
        if (item.Frame.Format.Kind == MediaKind.Video) PushPicture(item.Frame, item.AfterSkip, output);
        else PushSound(item.Frame, output);
    }

    /// <summary>Writes silence in place of sound that does not come, up to a little behind the newest picture.</summary>
    /// <param name="room">How far behind the newest picture: for what may still come.</param>
    /// <param name="channels">Of the sound that was promised.</param>
    /// <param name="output">Where to.</param>
    public void FillSilence(TimeSpan room, TrackFormat channels, IBufferWriter<byte> output)
    {
        if (!hasAudio || !hasVideo || _origin is null) return;
        Describe(channels, output);
        Fill(_newestPicture - room, output);
    }

    private void PushPicture(MediaFrame frame, bool afterSkip, IBufferWriter<byte> output)
    {
        if (!hasVideo || frame.Format.Codec != Codec.H264) return;
        _needsKeyframe |= afterSkip || (_described is not null && frame.StreamTime - _newestPicture > Jump) || (!frame.IsKeyframe && !SameSets(frame.Format));
        if (_needsKeyframe && !frame.IsKeyframe)
        {
            keyframeWanted();
            return;
        }

        var ms = Math.Max(_videoMs + 1, Milliseconds(frame.StreamTime));
        if (frame.IsKeyframe)
        {
            if (!SdkPacket.TryWriteConfig(output, frame.Format, ms))
            {
                keyframeWanted();
                return;
            }

            // The SDK takes over other parameter sets only together with another SPS: until then a new PPS stays inside the pictures.
            if (_described is null || !_described.Sps.AsSpan().SequenceEqual(frame.Format.Sps.AsSpan())) _described = frame.Format;
            _needsKeyframe = false;
        }

        _origin ??= frame.StreamTime;
        if (!SdkPacket.TryWritePicture(output, frame.Data, _described!, frame.IsKeyframe, ms)) return;
        _videoMs = ms;
        if (frame.StreamTime > _newestPicture) _newestPicture = frame.StreamTime;
    }

    private void PushSound(MediaFrame frame, IBufferWriter<byte> output)
    {
        // Sound waits for the first picture; where there is none, it is the first.
        if (!hasAudio || frame.Format.Codec != Codec.Aac || (hasVideo && _origin is null)) return;
        _origin ??= frame.StreamTime;
        var half = AacSilence.Duration / 2;
        if (frame.StreamTime < (_soundEnd ?? _origin.Value) - half) return;
        Describe(frame.Format, output);
        Fill(frame.StreamTime, output);
        Write(frame.Data, frame.StreamTime, output);
    }

    private void Describe(TrackFormat format, IBufferWriter<byte> output)
    {
        if (_sound is not null && _sound.Channels == format.Channels && _sound.DecoderConfig.AsSpan().SequenceEqual(format.DecoderConfig.AsSpan())) return;
        _sound = format;
        SdkPacket.WriteAudioConfig(output, format, Math.Max(0, _audioMs));
    }

    // Only where there is a picture that would stop: sound alone may pause.
    private void Fill(TimeSpan until, IBufferWriter<byte> output)
    {
        if (!hasVideo) return;
        var from = _soundEnd ?? _origin!.Value;
        if (until - from > Longest) from = until - Longest;
        for (; from + AacSilence.Duration <= until + AacSilence.Duration / 2; from = _soundEnd!.Value) Write(AacSilence.Frame(_sound!.Channels), from, output);
    }

    private void Write(ReadOnlySpan<byte> data, TimeSpan at, IBufferWriter<byte> output)
    {
        _audioMs = Math.Max(_audioMs + 1, Milliseconds(at));
        SdkPacket.WriteSound(output, data, _audioMs);
        _soundEnd = at + AacSilence.Duration;
    }

    private bool SameSets(TrackFormat format) =>
        _described is not null && (ReferenceEquals(format, _described) || _described.Sps.AsSpan().SequenceEqual(format.Sps.AsSpan()));

    private int Milliseconds(TimeSpan time) => (int)Math.Clamp(Math.Round((time - (_origin ?? time)).TotalMilliseconds), 0, int.MaxValue - 1);
}
