// RFC 9429 section 5: the lines our offers and answers have in common.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class WebRtcLines
{
    /// <summary>
    /// How to reach us. Port 9 and 0.0.0.0 are what RFC 9429 prescribes for "see the candidates"; every line repeats the transport, as
    /// browsers do, and only the first the candidates.
    /// </summary>
    public static void WriteTransport(SdpMedia media, WebRtcAnswerOptions options, string setup, bool withCandidates)
    {
        var a = media.Attributes;
        a.Add("rtcp", "9 IN IP4 0.0.0.0");
        if (withCandidates)
        {
            foreach (var candidate in options.Candidates) a.Add("candidate", candidate.ToString());
            a.Add("end-of-candidates");
        }

        a.Add("ice-ufrag", options.IceUfrag);
        a.Add("ice-pwd", options.IcePwd);
        a.Add("fingerprint", options.Fingerprint.ToString());
        a.Add("setup", setup);
    }

    /// <summary>Which stream and track a line belongs to.</summary>
    public static string Msid(MediaKind kind, WebRtcAnswerOptions options) => $"{options.StreamId} {(kind == MediaKind.Audio ? "audio" : "video")}";

    /// <summary>The SSRCs we send with (RFC 5576).</summary>
    public static void WriteSources(SdpMedia media, MediaKind kind, WebRtcTrack track, Ssrc? rtx, WebRtcAnswerOptions options)
    {
        var a = media.Attributes;
        if (rtx is { } r) a.Add("ssrc-group", $"FID {track.Ssrc.Value} {r.Value}");
        foreach (var ssrc in rtx is { } s ? (ReadOnlySpan<Ssrc>)[track.Ssrc, s] : [track.Ssrc])
        {
            a.Add("ssrc", $"{ssrc.Value} cname:{options.Cname}");
            a.Add("ssrc", $"{ssrc.Value} msid:{Msid(kind, options)}");
        }
    }
}
