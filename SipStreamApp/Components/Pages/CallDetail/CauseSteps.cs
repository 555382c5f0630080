using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.CallDetail;

/// <summary>What can be done about a failed call with one click. Pure.</summary>
internal static class CauseSteps
{
    /// <summary>The page that calls the other side, filled in as this call was.</summary>
    public static string Again(CallFacts call) => $"/calls/new?from={Uri.EscapeDataString(call.CallId)}&callee={Uri.EscapeDataString(call.Other)}";

    /// <summary>Texts and links, the most likely to help first.</summary>
    public static IReadOnlyList<(string Text, string Link)> Of(CallEnd end, CallFacts call)
    {
        var again = Again(call);
        (string, string) same = (Say.Again(call.Incoming), again);
        return end.Code switch
        {
            "wrong-password" => [(L("Fix the password"), "/accounts"), same],
            "forbidden" => [(L("Register first"), again + "&sipRegisterRequired=true"), (L("Test the account"), "/accounts")],
            "name-not-found" or "bad-address" => [(L("Test the account"), "/accounts"), (L("Change the address"), again)],
            "no-reply" or "unreachable" => [(L("Try over TCP"), again + "&sipTransport=tcp"), (L("Test the account"), "/accounts")],
            "tls-failed" => [(L("Test the account"), "/accounts"), same],
            "no-common-codec" => [(L("Call with sound only"), again + "&hasVideo=false"), same],
            "moved" => [(L("Call the new address"), NewAddress(end) is { } moved ? $"/calls/new?from={Uri.EscapeDataString(call.CallId)}&callee={Uri.EscapeDataString(moved)}" : again)],
            "no-such-number" or "incomplete-number" => [(L("Change the number"), again)],
            "not-supported" or "extension-required" or "interval-too-short" or "too-large" or "protocol-error" or "bad-sdp" => [(L("See the SIP messages"), "?tab=sip"), same],
            "no-media" or "undecodable" or "media-stopped" => [(L("See the time line"), "?tab=timeline"), (L("See what was agreed on"), "?tab=media"), same],
            _ => [same],
        };
    }

    // "302 Moved Temporarily (Contact: sip:10007@192.0.2.9, sip:...)"
    private static string? NewAddress(CallEnd end)
    {
        var at = end.Raw?.IndexOf("Contact: ", StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : end.Raw![(at + 9)..].Split([',', ' ', ')'], 2)[0] is { Length: > 0 } uri ? uri : null;
    }
}
