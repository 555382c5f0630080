using System.Text.Json.Serialization;

namespace SipStreamApp.Api;

/// <summary>A stream as the REST interface shows it: one that is published, or one that somebody plays. Every field of the WCS object in its order, then ours.</summary>
internal sealed record StreamObject
{
    public required string AppKey { get; init; }

    /// <summary>The client session; a call is a session of its own, named by its callId.</summary>
    public required string SessionId { get; init; }

    public required string MediaSessionId { get; init; }
    public required string Name { get; init; }
    public required bool Published { get; init; }
    public required bool HasVideo { get; init; }
    public required bool HasAudio { get; init; }

    /// <summary>PENDING, PUBLISHING or PLAYING while it lasts; UNPUBLISHED, STOPPED or FAILED in events.</summary>
    public required string Status { get; init; }

    public string Sdp { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? AudioCodec { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? VideoCodec { get; init; }

    public required bool Record { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public int Bitrate { get; init; }
    public int MinBitrate { get; init; }
    public int MaxBitrate { get; init; }
    public int Quality { get; init; }
    public bool History { get; init; }
    public int Gop { get; init; }
    public int Fps { get; init; }
    public int AudioBitrate { get; init; }
    public string CodecImpl { get; init; } = "";
    public string Transport { get; init; } = "UDP";
    public bool CvoExtension { get; init; }

    /// <summary>When it was asked for, milliseconds since 1970.</summary>
    public required long CreateDate { get; init; }

    /// <summary><c>publish</c> or <c>play</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary><c>Flash</c> for a call's stream, as WCS shows it; else <c>WebRTC</c>, <c>MSE</c> or <c>HLS</c>.</summary>
    public required string MediaProvider { get; init; }

    /// <summary>Figures; only where <c>display</c> asks for them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StreamMetrics? Metrics { get; init; }

    /// <summary>The call that feeds it, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>Browsers that watch the stream by WebRTC.</summary>
    public int Viewers { get; init; }
}

/// <summary>Figures of a stream, under the names of WCS. Those of a medium the stream does not have are left out.</summary>
internal sealed record StreamMetrics
{
    /// <summary>Number of the codec: its static RTP payload type (RFC 3551), or the one WCS uses for it.</summary>
    [JsonPropertyName("VIDEO_CODEC"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VideoCodec { get; init; }

    [JsonPropertyName("VIDEO_WIDTH"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VideoWidth { get; init; }

    [JsonPropertyName("VIDEO_HEIGHT"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VideoHeight { get; init; }

    /// <summary>Pictures in the last second.</summary>
    [JsonPropertyName("VIDEO_FPS"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VideoFps { get; init; }

    /// <summary>Bits in the last second.</summary>
    [JsonPropertyName("VIDEO_RATE"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoRate { get; init; }

    /// <summary>Pictures from one keyframe to the next, on the average.</summary>
    [JsonPropertyName("VIDEO_GOP_SIZE"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoGopSize { get; init; }

    [JsonPropertyName("VIDEO_K_FRAMES"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoKFrames { get; init; }

    [JsonPropertyName("VIDEO_P_FRAMES"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoPFrames { get; init; }

    /// <summary>Always 0: frames that need a later one are not told apart.</summary>
    [JsonPropertyName("VIDEO_B_FRAMES"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoBFrames { get; init; }

    /// <summary>RTP packets that never came (published), or by the viewer's reports, percent (played).</summary>
    [JsonPropertyName("VIDEO_LOST"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoLost { get; init; }

    /// <summary>Packets that were asked for again.</summary>
    [JsonPropertyName("VIDEO_NACK"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoNack { get; init; }

    /// <summary>Keyframes that were asked for.</summary>
    [JsonPropertyName("VIDEO_PLI"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoPli { get; init; }

    /// <summary>Age of the stream at its newest picture, ms; against AUDIO_SYNC it shows how far sound and picture are apart.</summary>
    [JsonPropertyName("VIDEO_SYNC"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VideoSync { get; init; }

    [JsonPropertyName("AUDIO_CODEC"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AudioCodec { get; init; }

    [JsonPropertyName("AUDIO_RATE"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AudioRate { get; init; }

    [JsonPropertyName("AUDIO_LOST"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AudioLost { get; init; }

    [JsonPropertyName("AUDIO_SYNC"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AudioSync { get; init; }
}
