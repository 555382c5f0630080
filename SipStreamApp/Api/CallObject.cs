using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Api;

/// <summary>A call as the REST interface shows it: every field of the WCS call object, then ours.</summary>
internal sealed record CallObject
{
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
    public string? NodeId { get; init; }
    public required string AppKey { get; init; }
    public string? SessionId { get; init; }
    public required string CallId { get; init; }
    public string? ParentCallId { get; init; }
    public required bool Incoming { get; init; }
    public required string Status { get; init; }
    public required int? SipStatus { get; init; }
    public required string? RtmpUrl { get; init; }
    public required string? RtmpStream { get; init; }
    public required string StreamName { get; init; }
    public string? RtmpStreamStatus { get; init; }
    public required string Caller { get; init; }
    public required string Callee { get; init; }
    public required bool HasAudio { get; init; }
    public required bool HasVideo { get; init; }
    public string? Sdp { get; init; }
    public required string VisibleName { get; init; }
    public string? InviteParameters { get; init; }
    public string MediaProvider { get; init; } = "Flash";
    public string? SipMessageRaw { get; init; }
    public bool IsMsrp { get; init; }
    public string? Target { get; init; }
    public bool HoldForTransfer { get; init; }

    /// <summary>When the call was asked for, milliseconds since 1970.</summary>
    public required long CreateDate { get; init; }

    /// <summary>When it was answered, milliseconds since 1970.</summary>
    public required long? AnswerDate { get; init; }

    /// <summary>One line for people about where it stands.</summary>
    public required string Detail { get; init; }

    /// <summary>Why it ended; null while it lasts.</summary>
    public required CallCauseObject? Cause { get; init; }

    public static CallObject From(CallSnapshot call, PushSnapshot? push = null) => new()
    {
        AppKey = call.AppKey,
        CallId = call.Id.Value,
        Incoming = call.Incoming,
        Status = StatusName(call.Status),
        SipStatus = call.SipStatus,
        RtmpUrl = call.RtmpUrl is { } url ? PushTarget.Mask(url) : null,
        RtmpStream = call.RtmpStream,
        StreamName = call.StreamName.Value,
        RtmpStreamStatus = push is null ? null : PushObject.StatusInCall(push.State),
        Caller = call.Caller,
        Callee = call.Callee,
        HasAudio = call.HasAudio,
        HasVideo = call.HasVideo,
        VisibleName = string.IsNullOrEmpty(call.VisibleName) ? call.Caller : call.VisibleName,
        CreateDate = call.CreatedAt.ToUnixTimeMilliseconds(),
        AnswerDate = call.AnsweredAt?.ToUnixTimeMilliseconds(),
        Detail = call.Detail,
        Cause = call.End is { } end ? new(end.Code, end.Title, end.Advice, end.SipStatus, end.Raw) : null,
    };

    public static string StatusName(CallStatus status) => status switch
    {
        CallStatus.New => "NEW",
        CallStatus.Pending => "PENDING",
        CallStatus.Trying => "TRYING",
        CallStatus.Ring => "RING",
        CallStatus.RingMedia => "RING_MEDIA",
        CallStatus.SessionProgress => "SESSION_PROGRESS",
        CallStatus.Established => "ESTABLISHED",
        CallStatus.Hold => "HOLD",
        CallStatus.Busy => "BUSY",
        CallStatus.Finish => "FINISH",
        _ => "FAILED",
    };
}

/// <summary>Why a call ended, in plain words.</summary>
internal sealed record CallCauseObject(string Code, string Title, string Advice, int? SipStatus, string? Raw);

/// <summary>The ids of a call whose callId was left to us.</summary>
internal sealed record CallStarted(string CallId, string StreamName);
