using SipStreamApp.Api;
using SipStreamApp.Media.Calls;

namespace SipStreamApp.Signalling.Session;

/// <summary>The words of call statuses: names of status, messages that carry them, and the <c>info</c> of an end.</summary>
internal static class CallInfo
{
    public const string Normal = "Normal call clearing";
    public const string NoSession = "Failed by session creation";
    public const string Ice = "Failed by ICE error";
    public const string Dtls = "Failed by DTLS error";
    public const string Timeout = "Failed by request timeout";

    /// <summary>The status in the words of the protocol; null for those that are not told.</summary>
    public static string? StatusOf(CallStatus status) => status is CallStatus.New or CallStatus.Pending ? null : CallObject.StatusName(status);

    /// <summary>The message that carries a status. The SDK looks at the status only.</summary>
    public static string MessageOf(string status) => status switch
    {
        "TRYING" => "notifyTryingResponse",
        "ESTABLISHED" => "talk",
        "HOLD" => "hold",
        "FINISH" or "BUSY" or "FAILED" => "finish",
        _ => "ring",
    };

    /// <summary>Why a call ended.</summary>
    public static string Of(CallEnd end) => end.Code switch
    {
        _ when !end.IsFailure => Normal,
        "no-common-codec" or "bad-sdp" => StreamInfo.NoCommonCodecs,
        "no-media" or "undecodable" or "media-stopped" => StreamInfo.RtpActivity,
        "no-answer" or "no-reply" or "unreachable" => Timeout,
        _ => StreamInfo.Error,
    };
}
