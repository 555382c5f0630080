using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

/// <summary>What a stream carries, for status events.</summary>
/// <param name="AudioCodec">Name of the sound codec; null without sound.</param>
/// <param name="VideoCodec">Name of the picture codec; null without picture.</param>
/// <param name="Width">Picture width, pixels; 0 until known.</param>
/// <param name="Height">Picture height, pixels; 0 until known.</param>
internal sealed record StreamMedia(string? AudioCodec, string? VideoCodec, int Width, int Height)
{
    /// <summary>Nothing is known.</summary>
    public static StreamMedia Unknown { get; } = new(null, null, 0, 0);
}

/// <summary>One stream that a client plays or publishes.</summary>
internal sealed class ClientStream(string id, string name, bool published, JsonObject request, DateTimeOffset created)
{
    private readonly bool _wantsAudio = request.Flag("hasAudio", true);
    private readonly bool _wantsVideo = request.Flag("hasVideo", true);

    public string Id { get; } = id;

    /// <summary>The name as the client wrote it.</summary>
    public string Name { get; set; } = name;

    /// <summary>The checked name; set before the engine is asked.</summary>
    public StreamName StreamName { get; set; }

    public bool Published { get; } = published;

    public string Provider { get; } = request.Filled("mediaProvider") ?? "WebRTC";

    public string Offer { get; } = request.Text("sdp") ?? "";

    public bool Record { get; } = request.Flag("record");

    /// <summary>Where a published stream is to be sent on to; null where nowhere.</summary>
    public string? RtmpUrl { get; } = request.Filled("rtmpUrl");

    /// <summary>Its recording; null where there is none.</summary>
    public string? RecordingId { get; set; }

    /// <summary>The recording's file, once it is there.</summary>
    public string? RecordName { get; set; }

    /// <summary>Sound as asked for, and as there is once that is known.</summary>
    public bool HasAudio => _wantsAudio && (Media == StreamMedia.Unknown || Media.AudioCodec is not null);

    /// <summary>Picture as asked for, and as there is once that is known.</summary>
    public bool HasVideo => _wantsVideo && (Media == StreamMedia.Unknown || Media.VideoCodec is not null);

    public DateTimeOffset Created { get; } = created;

    public string Status { get; set; } = "PENDING";

    /// <summary>Session of the browser with the engine; null before the answer.</summary>
    public string? BrowserId { get; set; }

    /// <summary>What the engine is asked under; 0 while nothing is.</summary>
    public int Ticket { get; set; }

    /// <summary>When the engine is asked again for a stream that had no media yet.</summary>
    public Instant RetryAt { get; set; } = Instant.Never;

    /// <summary>When it is told to be over at the latest: its browser's session has ended with the stream, and why that ended is not known yet.</summary>
    public Instant EndAt { get; set; } = Instant.Never;

    /// <summary>When its media socket must have come; never where there is none to come.</summary>
    public Instant SocketBy { get; set; } = Instant.Never;

    public StreamMedia Media { get; set; } = StreamMedia.Unknown;

    /// <summary>True while a hook decides about its end.</summary>
    public bool Stopping { get; set; }

    /// <summary>The object of a status event.</summary>
    public JsonObject Event(string status, string info)
    {
        var about = new JsonObject
        {
            ["mediaSessionId"] = Id, ["name"] = Name, ["published"] = Published, ["hasVideo"] = HasVideo, ["hasAudio"] = HasAudio, ["status"] = status, ["info"] = info,
        };
        AddMedia(about);
        if (RecordName is not null) about["recordName"] = RecordName;
        about["mediaProvider"] = Provider;
        about["audioState"] = new JsonObject { ["muted"] = false };
        about["videoState"] = new JsonObject { ["muted"] = false };
        return about;
    }

    /// <summary>Adds its fields to the payload of a hook.</summary>
    public JsonObject Describe(JsonObject payload, string status, string? info = null)
    {
        payload["mediaSessionId"] = Id;
        payload["name"] = Name;
        payload["published"] = Published;
        payload["hasVideo"] = HasVideo;
        payload["hasAudio"] = HasAudio;
        payload["status"] = status;
        if (info is not null) payload["info"] = info;
        AddMedia(payload);
        payload["record"] = Record;
        if (RecordName is not null) payload["recordName"] = RecordName;
        payload["mediaType"] = Published ? "publish" : "play";
        payload["mediaProvider"] = Provider;
        payload["createDate"] = Created.ToUnixTimeMilliseconds();
        payload["audioState"] = new JsonObject { ["muted"] = false };
        payload["videoState"] = new JsonObject { ["muted"] = false };
        return payload;
    }

    private void AddMedia(JsonObject about)
    {
        if (Media.AudioCodec is { } audio) about["audioCodec"] = audio;
        if (Media.VideoCodec is not { } video) return;
        about["videoCodec"] = video;
        if (Media.Width <= 0) return;
        about["width"] = Media.Width;
        about["height"] = Media.Height;
    }
}
