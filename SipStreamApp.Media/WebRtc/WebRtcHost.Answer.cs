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
using SipStreamApp.Media.WebRtc.Publishing;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <content>From an offer to a session's settings; on the caller's thread.</content>
internal sealed partial class WebRtcHost
{
    private bool TryAnswer(
        LiveStream? watched, PublishRequest? publish, string offer, IPAddress? localAddress,
        [NotNullWhen(true)] out SessionSettings? settings, [NotNullWhen(true)] out string? answer, [NotNullWhen(false)] out Failure? failure)
    {
        (settings, answer) = (null, null);
        failure = watched is null ? null : NotToBeWatched(watched);
        if (failure is not null) return false;
        var audio = watched is null ? publish!.Audio : watched.AudioFormat is { Codec: not Codec.Aac } sound ? [sound] : [];
        var video = watched is null ? publish!.Video : watched.VideoFormat is { } picture ? [picture] : [];
        var end = LocalEnd(audio, video, localAddress, (watched ?? publish!.Publisher.Stream).Name, DirectionOf(watched is not null, publish is not null));
        var negotiation = WebRtcAnswerer.Answer(Encoding.UTF8.GetBytes(offer), end);
        if (!negotiation.IsOk)
        {
            failure = watched is null ? PublishRefusal(negotiation) : Refusal(negotiation);
            return false;
        }

        answer = negotiation.AnswerSdp!;
        settings = Settings(NewId(), end, negotiation, publish) with { Stream = watched };
        return true;
    }

    private static Failure? NotToBeWatched(LiveStream stream)
    {
        if (stream.State == StreamState.Ended) return new Failure("stream-ended", Blame.Caller, "The stream has ended");
        return stream is { AudioFormat: null or { Codec: Codec.Aac }, VideoFormat: null }
            ? new Failure("stream-not-ready", Blame.Caller, "The stream has no tracks yet", "Try again when it is live") { Retryable = true }
            : null;
    }

    private static SdpDirection DirectionOf(bool sends, bool receives) =>
        (sends ? SdpDirection.SendOnly : SdpDirection.Inactive) | (receives ? SdpDirection.RecvOnly : SdpDirection.Inactive);

    private WebRtcAnswerOptions LocalEnd(ImmutableArray<TrackFormat> audio, ImmutableArray<TrackFormat> video, IPAddress? localAddress, StreamName stream, SdpDirection direction)
    {
        var local = IceCredentials.New();
        var end = new WebRtcAnswerOptions
        {
            IceUfrag = local.Ufrag,
            IcePwd = local.Password,
            Fingerprint = DtlsFingerprint.Sha256(_identity!.Sha256),
            Candidates = Candidates.For(_port!.LocalEndPoint, _publicAddress, localAddress),
            Audio = audio.IsEmpty ? null : new WebRtcTrack(audio, NewSsrc()),
            Video = video.IsEmpty ? null : new WebRtcTrack(video, NewSsrc()) { RtxSsrc = NewSsrc() },
            Direction = direction,
            StreamId = stream.Value,
            Cname = RandomNumberGenerator.GetHexString(16, lowercase: true),
            SessionId = (ulong)RandomNumberGenerator.GetInt32(int.MaxValue),
        };
        // Without feedback about the line a browser stays at its first guess of 300 kbit/s.
        return direction.Receives() ? end with { Feedback = [.. end.Feedback, WebRtcFeedback.TransportWide], ExtensionUris = [WebRtcFeedback.TransportWideUri] } : end;
    }

    private SessionSettings Settings(string id, WebRtcAnswerOptions end, WebRtcNegotiation negotiation, PublishRequest? publish) => new()
    {
        Id = id,
        Local = new IceCredentials(end.IceUfrag, end.IcePwd),
        RemoteUfrag = negotiation.Remote.IceUfrag!,
        Fingerprints = [.. negotiation.Remote.Fingerprints.Select(f => new PeerFingerprint(f.Algorithm, f.ToBytes()))],
        Audio = end.Audio is { } audio ? TrackFor(negotiation[MediaKind.Audio], audio.Ssrc, default) : null,
        Video = end.Video is { } video ? TrackFor(negotiation[MediaKind.Video], video.Ssrc, video.RtxSsrc!.Value) : null,
        Publication = publish is null ? null : Publication(end, negotiation, publish),
        Cname = end.Cname,
        CreatedAt = _clock.UtcNow,
    };

    private PublicationSettings Publication(WebRtcAnswerOptions end, WebRtcNegotiation negotiation, PublishRequest publish) => new()
    {
        Publisher = publish.Publisher,
        Frames = publish.Frames,
        Audio = PublishedFor(negotiation[MediaKind.Audio], end.Audio),
        Video = PublishedFor(negotiation[MediaKind.Video], end.Video),
        Cname = end.Cname,
        TransportWideId = negotiation.Media.FirstOrDefault(m => m.FeedbackTransportWide)?.Extensions[WebRtcFeedback.TransportWideUri] ?? 0,
        ReducedSize = negotiation.Media.All(m => m.ReducedSize),
        JitterTarget = _options.JitterTarget,
    };

    // What the stream that is watched looks like says nothing about what the browser will send under the same payload type.
    private static PublishedMedia? PublishedFor(WebRtcMedia? media, WebRtcTrack? track) => media is null || !media.Direction.Receives()
        ? null
        : new PublishedMedia(media.Kind, TrackFormat.Default(media.Format.Codec) with { ProfileLevelId = media.SignalledProfileLevelId }, media.PayloadType, track!.Ssrc)
        {
            Rtx = media.RtxTaken ? media.RtxPayloadType : null,
            Nack = media.FeedbackNack,
        };

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

    private static Failure PublishRefusal(WebRtcNegotiation negotiation) => negotiation.Problem.Status switch
    {
        SdpStatus.NoCommonCodec => new Failure("no-common-codec", Blame.Peer, "The browser sends none of the codecs that are enabled here",
            "Enable H264 or VP8 in Media:VideoCodecs, opus or PCMU in Media:AudioCodecs"),
        SdpStatus.NoMedia when !negotiation.Refusals.IsEmpty => new Failure("bad-offer", Blame.Caller, "The SDP offer sends neither sound nor picture",
            "Add a track to the RTCPeerConnection before createOffer, with direction sendonly or sendrecv"),
        _ => Refusal(negotiation),
    };

    private static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static Ssrc NewSsrc() => new((uint)RandomNumberGenerator.GetInt32(1, int.MaxValue));
}
