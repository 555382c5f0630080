using System.Text.Json.Nodes;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

/// <summary>One call of a session's phone.</summary>
internal sealed class ClientCall(CallId id, StreamName stream, StreamName microphone, bool incoming)
{
    public CallId Id { get; } = id;

    /// <summary>What the other side says, as a stream.</summary>
    public StreamName Stream { get; } = stream;

    /// <summary>What the browser says, as a stream.</summary>
    public StreamName Microphone { get; } = microphone;

    public bool Incoming { get; } = incoming;

    public string Caller { get; init; } = "";

    public string Callee { get; init; } = "";

    public string? VisibleName { get; init; }

    public string Provider { get; init; } = "WebRTC";

    public string Offer { get; init; } = "";

    public JsonNode? Custom { get; init; }

    public bool HasAudio { get; init; } = true;

    public bool HasVideo { get; init; }

    /// <summary>The last status told to the client.</summary>
    public string Status { get; set; } = "PENDING";

    public int? SipStatus { get; set; }

    /// <summary>True once the engine has it.</summary>
    public bool Placed { get; set; } = incoming;

    /// <summary>The offer its browser got; null before, and for calls the client places.</summary>
    public string? Offered { get; set; }

    /// <summary>True once the client knows of it.</summary>
    public bool IsTold { get; set; } = !incoming;

    /// <summary>True once the client wants its end.</summary>
    public bool HangingUp { get; set; }

    /// <summary>True once the client has answered it.</summary>
    public bool Answering { get; set; }

    /// <summary>Session of the browser with the engine; null before there is one.</summary>
    public string? BrowserId { get; set; }

    /// <summary>What the engine is asked under; 0 while nothing is.</summary>
    public int Ticket { get; set; }

    /// <summary>When the engine is asked again for a call that had no media yet.</summary>
    public Instant RetryAt { get; set; } = Instant.Never;

    /// <summary>The last status of a transfer.</summary>
    public string? Transfer { get; set; }

    /// <summary>Why it fails from this side; null where the engine says.</summary>
    public string? Failing { get; set; }

    /// <summary>The object of a status event.</summary>
    public JsonObject Event(string? info = null)
    {
        var about = new JsonObject
        {
            ["callId"] = Id.Value, ["status"] = Status, ["incoming"] = Incoming, ["caller"] = Caller, ["callee"] = Callee, ["hasAudio"] = HasAudio,
            ["hasVideo"] = HasVideo, ["mediaProvider"] = Provider,
        };
        if (VisibleName is { } name) about["visibleName"] = name;
        if (SipStatus is { } status) about["sipStatus"] = status;
        if (info is not null) about["info"] = info;
        if (Custom is { } custom) about["custom"] = custom.DeepClone();
        return about;
    }

    /// <summary>The codecs and the caller of an incoming call are the engine's.</summary>
    public static ClientCall? Of(CallSnapshot call) => StreamName.TryParse(call.Id.Value + "-browser", out var microphone)
        ? new ClientCall(call.Id, call.StreamName, microphone, incoming: true)
        {
            Caller = call.Caller, Callee = call.Callee, VisibleName = call.VisibleName ?? call.Caller, HasAudio = call.HasAudio, HasVideo = call.HasVideo,
            Status = "RING", SipStatus = call.SipStatus,
        }
        : null;

    /// <summary>The call a client asks for; null where its id cannot name streams.</summary>
    public static ClientCall? Of(JsonObject body, string login)
    {
        if (!CallId.TryParse(body.Text("callId"), out var id) || !StreamName.TryParse(id.Value, out var stream)
            || !StreamName.TryParse(id.Value + "-browser", out var microphone)) return null;
        return new ClientCall(id, stream, microphone, incoming: false)
        {
            Caller = login, Callee = body.Filled("callee") ?? "", VisibleName = body.Filled("visibleName"), Provider = body.Filled("mediaProvider") ?? "WebRTC",
            Offer = body.Text("sdp") ?? "", Custom = body["custom"]?.DeepClone(), HasAudio = body.Flag("hasAudio", true), HasVideo = body.Flag("hasVideo"),
        };
    }
}
