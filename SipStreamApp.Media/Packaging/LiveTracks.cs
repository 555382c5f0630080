using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Packaging;

/// <summary>What of a stream can be played out of MP4 in a browser.</summary>
/// <param name="Audio">The sound track of the output; null for none.</param>
/// <param name="Video">The picture track of the output; null for none.</param>
/// <param name="Note">What is missing and why, in words; empty where all is there.</param>
internal sealed record LiveTracks(TrackFormat? Audio, TrackFormat? Video, string Note)
{
    /// <summary>VP8 in MP4 is in no browser: sound without its picture would look like a defect, so nothing is played.</summary>
    internal static Failure NoVp8 { get; } = new(
        "no-common-codec", Blame.Caller, "The picture of this stream is VP8, which browsers play by WebRTC only",
        "Play it by WebRTC, or have the call send H.264: put H264 first in Media:VideoCodecs, and see that the other side has it.");

    /// <summary>True where the sound has to be the derived AAC track.</summary>
    public bool UsesAac => Audio is { Codec: Codec.Aac };

    /// <summary>Chooses the tracks, or says why nothing can be played.</summary>
    /// <param name="stream">A live stream.</param>
    /// <param name="passOpus">True where the player takes Opus in MP4.</param>
    /// <param name="noAac">Why there can be no AAC, or null.</param>
    public static Outcome<LiveTracks> Choose(LiveStream stream, bool passOpus, Failure? noAac)
    {
        var (audio, video) = (stream.AudioFormat, stream.VideoFormat);
        if (video is { Codec: Codec.Vp8 }) return NoVp8;
        var sound = audio is null ? null : audio.Codec == Codec.Opus && passOpus ? audio : noAac is null ? AacFormat.For(audio) : null;
        if (sound is not null || video is not null) return new LiveTracks(sound, video, sound is null && audio is not null ? $"There is no sound: {noAac}" : "");
        if (noAac is not null && audio is not null) return noAac;
        return new Failure("no-common-codec", Blame.Caller, "The stream has neither sound nor picture");
    }
}
