using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary>Makes the REST objects of streams out of what the engine and the client sessions show. Pure.</summary>
internal static class StreamView
{
    /// <summary>A stream that is published: by a call, or by a client.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="call">Its call, where one feeds it.</param>
    /// <param name="client">The client that publishes it, where one does.</param>
    /// <param name="isRecorded">True while it is recorded.</param>
    /// <param name="now">The time, for the metrics; null leaves them out.</param>
    public static StreamObject Published(
        StreamSnapshot stream, CallSnapshot? call, (ClientSessionInfo Session, ClientStreamInfo Stream)? client, bool isRecorded, DateTimeOffset? now = null) => new()
    {
        AppKey = call?.AppKey ?? client?.Session.AppKey ?? DefaultApp,
        SessionId = client?.Session.SessionId ?? stream.CallId?.Value ?? "",
        MediaSessionId = client?.Stream.MediaSessionId ?? stream.CallId?.Value ?? stream.Name.Value,
        Name = stream.Name.Value,
        Published = true,
        HasVideo = stream.Video is not null || (stream.State == StreamState.Reserved && call is { HasVideo: true }),
        HasAudio = stream.Audio is not null || (stream.State == StreamState.Reserved && call is { HasAudio: true }),
        Status = stream.State switch { StreamState.Reserved => "PENDING", StreamState.Live => "PUBLISHING", _ => EndStatus(stream.EndReason) },
        AudioCodec = stream.Audio?.Format.EncodingName,
        VideoCodec = stream.Video?.Format.EncodingName,
        Record = isRecorded,
        Width = stream.Video?.Format.Width ?? 0,
        Height = stream.Video?.Format.Height ?? 0,
        CreateDate = stream.CreatedAt.ToUnixTimeMilliseconds(),
        MediaType = "publish",
        MediaProvider = client?.Stream.MediaProvider ?? (stream.CallId is null ? "WebRTC" : "Flash"),
        Metrics = now is { } at ? Figures(stream, call, at) : null,
        CallId = stream.CallId?.Value,
        Viewers = stream.Viewers,
    };

    /// <summary>A stream that a Web SDK client plays.</summary>
    public static StreamObject Played(ClientSessionInfo session, ClientStreamInfo client, StreamSnapshot? stream, ViewerSnapshot? viewer, DateTimeOffset? now = null) =>
        Played(session.AppKey, session.SessionId, client.MediaSessionId, client.Name, client.Status, client.MediaProvider, client.CreatedAt, stream, viewer, now);

    /// <summary>A stream that a browser plays by WHEP: a session of its own.</summary>
    public static StreamObject Played(ViewerSnapshot viewer, StreamSnapshot? stream, DateTimeOffset? now = null) =>
        Played(DefaultApp, viewer.SessionId, viewer.SessionId, viewer.Stream, viewer.State == ViewerState.Playing ? "PLAYING" : "PENDING", "WebRTC", viewer.Since, stream, viewer, now);

    /// <summary>A stream that a player takes by MSE or HLS.</summary>
    public static StreamObject Played(HttpViewer viewer, StreamSnapshot stream, DateTimeOffset? now = null) =>
        Played(DefaultApp, viewer.Id, viewer.Id, stream.Name, "PLAYING", viewer.Method, viewer.Since, stream, null, now);

    /// <summary>What WCS calls the end of a published stream.</summary>
    public static string EndStatus(StreamEndReason? reason) =>
        reason is StreamEndReason.PublisherFailed or StreamEndReason.RtpSilence ? "FAILED" : "UNPUBLISHED";

    /// <summary>The words of WCS for the end of a published stream.</summary>
    public static string EndInfo(StreamEndReason? reason) => reason switch
    {
        StreamEndReason.RtpSilence => "Failed by RTP activity",
        StreamEndReason.PublisherFailed => "Stream failed",
        StreamEndReason.Terminated => "Stopped by rest /terminate",
        StreamEndReason.Shutdown => "Requested stream shutdown",
        _ => "Stopped by publisher stop",
    };

    /// <summary>The application of what names none.</summary>
    public const string DefaultApp = "defaultApp";

    private static StreamObject Played(
        string appKey, string sessionId, string mediaSessionId, StreamName name, string status, string provider, DateTimeOffset since,
        StreamSnapshot? stream, ViewerSnapshot? viewer, DateTimeOffset? now) => new()
    {
        AppKey = appKey,
        SessionId = sessionId,
        MediaSessionId = mediaSessionId,
        Name = name.Value,
        Published = false,
        HasVideo = stream?.Video is not null,
        HasAudio = stream?.Audio is not null,
        Status = status,
        AudioCodec = stream?.Audio is { } audio ? provider is "MSE" or "HLS" ? "mpeg4-generic" : audio.Format.EncodingName : null,
        VideoCodec = stream?.Video?.Format.EncodingName,
        Record = false,
        Width = stream?.Video?.Format.Width ?? 0,
        Height = stream?.Video?.Format.Height ?? 0,
        CreateDate = since.ToUnixTimeMilliseconds(),
        MediaType = "play",
        MediaProvider = provider,
        Metrics = now is { } at && stream is not null ? Figures(stream, viewer, at) : null,
        CallId = stream?.CallId?.Value,
        Viewers = stream?.Viewers ?? 0,
    };

    private static StreamMetrics Figures(StreamSnapshot stream, CallSnapshot? call, DateTimeOffset now)
    {
        var video = call?.Media.FirstOrDefault(m => m.Kind == MediaKind.Video);
        var audio = call?.Media.FirstOrDefault(m => m.Kind == MediaKind.Audio);
        return Figures(stream, now, video?.PacketsLost ?? 0, 0, video?.KeyframeRequests ?? 0, audio?.PacketsLost ?? 0);
    }

    private static StreamMetrics Figures(StreamSnapshot stream, ViewerSnapshot? viewer, DateTimeOffset now)
    {
        var loss = (long)Math.Round(viewer?.LossPercent ?? 0);
        return Figures(stream, now, loss, viewer?.Nacks ?? 0, viewer?.Plis ?? 0, loss);
    }

    private static StreamMetrics Figures(StreamSnapshot stream, DateTimeOffset now, long videoLost, long nacks, long plis, long audioLost)
    {
        var metrics = new StreamMetrics();
        if (stream.Video is { } video)
        {
            metrics = metrics with
            {
                VideoCodec = Number(video.Format.Codec),
                VideoWidth = video.Format.Width,
                VideoHeight = video.Format.Height,
                VideoFps = (int)Math.Round(video.FramesPerSecond),
                VideoRate = video.BitrateKbps * 1000L,
                VideoGopSize = video.Keyframes == 0 ? 0 : video.Frames / video.Keyframes,
                VideoKFrames = video.Keyframes,
                VideoPFrames = video.Frames - video.Keyframes,
                VideoBFrames = 0,
                VideoLost = videoLost,
                VideoNack = nacks,
                VideoPli = plis,
                VideoSync = Age(stream, video, now) - (long)(stream.AvOffset ?? TimeSpan.Zero).TotalMilliseconds,
            };
        }

        return stream.Audio is not { } audio ? metrics : metrics with
        {
            AudioCodec = Number(audio.Format.Codec), AudioRate = audio.BitrateKbps * 1000L, AudioLost = audioLost, AudioSync = Age(stream, audio, now),
        };
    }

    private static long Age(StreamSnapshot stream, TrackSnapshot track, DateTimeOffset now) =>
        track.SinceLastFrame is { } since ? (long)(now - stream.CreatedAt - since).TotalMilliseconds : 0;

    private static int Number(Codec codec) => codec switch
    {
        Codec.Pcmu => 0,
        Codec.Pcma => 8,
        Codec.G722 => 9,
        Codec.Opus => 111,
        Codec.Aac => 96,
        Codec.H264 => 119,
        _ => 100,
    };
}
