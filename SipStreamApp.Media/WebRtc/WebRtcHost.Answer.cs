// RFC 9725 (WHEP) leaves the media negotiation to RFC 9429: one offer, one answer, never changed.
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Dtls;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <content>From an offer to a session's settings; on the caller's thread.</content>
internal sealed partial class WebRtcHost
{
    private bool TryAnswer(
        LiveStream stream, string offer, IPAddress? localAddress,
        [NotNullWhen(true)] out SessionSettings? settings, [NotNullWhen(true)] out string? answer, [NotNullWhen(false)] out Failure? failure)
    {
        (settings, answer, failure) = (null, null, null);
        if (stream.State == StreamState.Ended)
        {
            failure = new Failure("stream-ended", Blame.Caller, "The stream has ended");
            return false;
        }

        var audio = stream.AudioFormat is { Codec: not Codec.Aac } sound ? sound : null;
        var video = stream.VideoFormat;
        if (audio is null && video is null)
        {
            failure = new Failure("stream-not-ready", Blame.Caller, "The stream has no tracks yet", "Try again when it is live") { Retryable = true };
            return false;
        }

        var local = IceCredentials.New();
        var (audioSsrc, videoSsrc, rtxSsrc) = (NewSsrc(), NewSsrc(), NewSsrc());
        var cname = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var negotiation = WebRtcAnswerer.Answer(Encoding.UTF8.GetBytes(offer), new WebRtcAnswerOptions
        {
            IceUfrag = local.Ufrag,
            IcePwd = local.Password,
            Fingerprint = DtlsFingerprint.Sha256(_identity!.Sha256),
            Candidates = Candidates.For(_port!.LocalEndPoint, _publicAddress, localAddress),
            Audio = audio is null ? null : new WebRtcTrack([audio], audioSsrc),
            Video = video is null ? null : new WebRtcTrack([video], videoSsrc) { RtxSsrc = rtxSsrc },
            StreamId = stream.Name.Value,
            Cname = cname,
            SessionId = (ulong)RandomNumberGenerator.GetInt32(int.MaxValue),
        });
        if (!negotiation.IsOk)
        {
            failure = Refusal(negotiation);
            return false;
        }

        answer = negotiation.AnswerSdp!;
        settings = new SessionSettings
        {
            Id = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Stream = stream,
            Local = local,
            RemoteUfrag = negotiation.Remote.IceUfrag!,
            Fingerprints = [.. negotiation.Remote.Fingerprints.Select(f => new PeerFingerprint(f.Algorithm, f.ToBytes()))],
            Audio = TrackFor(negotiation[MediaKind.Audio], audioSsrc, default),
            Video = TrackFor(negotiation[MediaKind.Video], videoSsrc, rtxSsrc),
            Cname = cname,
            CreatedAt = _clock.UtcNow,
        };
        return true;
    }

    private static ViewerTrack? TrackFor(WebRtcMedia? media, Ssrc ssrc, Ssrc rtxSsrc) => media is null || !media.Direction.Sends()
        ? null
        : new ViewerTrack(media.Kind, media.Format.Codec, ssrc, media.PayloadType.Value,
            (ushort)RandomNumberGenerator.GetInt32(0x8000), (uint)RandomNumberGenerator.GetInt32(int.MaxValue))
        {
            Rtx = media is { RtxTaken: true, RtxPayloadType: { } type } ? (rtxSsrc, type.Value) : null,
        };

    private static Failure Refusal(WebRtcNegotiation negotiation) => negotiation.Problem.Status switch
    {
        SdpStatus.NoCommonCodec or SdpStatus.NoMedia when !negotiation.Refusals.IsEmpty => new Failure("no-common-codec", Blame.Peer, "The browser takes none of the stream's codecs",
            "Watch by MSE or HLS, or let the caller use H.264 or VP8 with Opus or G.711"),
        _ => new Failure("bad-offer", Blame.Caller, $"The SDP offer cannot be used ({negotiation.Problem})", "Send an offer as RTCPeerConnection.createOffer makes it"),
    };

    private static Ssrc NewSsrc() => new((uint)RandomNumberGenerator.GetInt32(1, int.MaxValue));
}
