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
    private const string NoPicture = "The picture is VP8, which plays by WebRTC only";

    /// <summary>True where the sound has to be the derived AAC track.</summary>
    public bool UsesAac => Audio is { Codec: Codec.Aac };

    /// <summary>Chooses the tracks, or says why nothing can be played.</summary>
    /// <param name="stream">A live stream.</param>
    /// <param name="passOpus">True where the player takes Opus in MP4.</param>
    /// <param name="noAac">Why there can be no AAC, or null.</param>
    public static Outcome<LiveTracks> Choose(LiveStream stream, bool passOpus, Failure? noAac)
    {
        var (audio, video) = (stream.AudioFormat, stream.VideoFormat);
        var picture = video is { Codec: Codec.H264 } ? video : null;
        var sound = audio is null ? null : audio.Codec == Codec.Opus && passOpus ? audio : noAac is null ? AacFormat.For(audio) : null;
        var note = video is not null && picture is null ? NoPicture : "";
        if (sound is null && audio is not null) note = $"{(note.Length > 0 ? note + ". " : "")}There is no sound: {noAac}";
        if (sound is not null || picture is not null) return new LiveTracks(sound, picture, note);
        if (audio is not null && noAac is not null) return noAac;
        return new Failure("no-common-codec", Blame.Caller, video is null ? "The stream has neither sound nor picture" : NoPicture, "Play it by WebRTC.");
    }
}
