using System.Globalization;
using SipStreamApp.Media.Calls;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Shared;

/// <summary>How a call's status looks: a sign, a word and a colour class, never colour alone.</summary>
internal sealed record StatusLook(string Sign, string Word, string Css);

/// <summary>Figures and states in words for people.</summary>
internal static class Say
{
    // The cause that has a state of its own. Compared by code: words are in the reader's language.
    private const string SaidByState = "busy";

    /// <summary>"1 call", "3 calls", in the language of the page. A new noun is entered here.</summary>
    public static string Count(int number, string noun) => noun switch
    {
        "account" => number == 1 ? L("1 account") : L("{0} accounts", number),
        "call" => number == 1 ? L("1 call") : L("{0} calls", number),
        "check" => number == 1 ? L("1 check") : L("{0} checks", number),
        "day" => number == 1 ? L("1 day") : L("{0} days", number),
        "event" => number == 1 ? L("1 event") : L("{0} events", number),
        "line" => number == 1 ? L("1 line") : L("{0} lines", number),
        "message" => number == 1 ? L("1 message") : L("{0} messages", number),
        "note" => number == 1 ? L("1 note") : L("{0} notes", number),
        "packet" => number == 1 ? L("1 packet") : L("{0} packets", number),
        "processor" => number == 1 ? L("1 processor") : L("{0} processors", number),
        "recording" => number == 1 ? L("1 recording") : L("{0} recordings", number),
        "setting" => number == 1 ? L("1 setting") : L("{0} settings", number),
        "stream" => number == 1 ? L("1 stream") : L("{0} streams", number),
        "viewer" => number == 1 ? L("1 viewer") : L("{0} viewers", number),
        "warning" => number == 1 ? L("1 warning") : L("{0} warnings", number),
        _ => CountInEnglish(number, noun),
    };

    /// <summary>The same for texts that are English everywhere: of checks, reports and REST.</summary>
    public static string CountInEnglish(int number, string noun) => $"{number.ToString(CultureInfo.InvariantCulture)} {noun}{(number == 1 ? "" : "s")}";

    public static string Duration(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        return span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes:00}:{span.Seconds:00}");
    }

    public static string Milliseconds(TimeSpan span) => span.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    public static string Fixed(double value, int digits = 1) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>"just now", "4 min ago", "today 14:02", else the date.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now)
    {
        var age = now - then;
        if (age < TimeSpan.FromSeconds(45)) return L("just now");
        if (age < TimeSpan.FromHours(1)) return L("{0} min ago", Math.Max(1, (int)age.TotalMinutes));
        var local = then.ToLocalTime();
        return local.Date == now.ToLocalTime().Date
            ? L("today {0:HH:mm}", local)
            : local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string Exact(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static StatusLook Look(CallStatus status) => status switch
    {
        CallStatus.New or CallStatus.Pending => new("◌", L("Starting"), "busy"),
        CallStatus.Trying => new("◌", L("Calling"), "busy"),
        CallStatus.Ring or CallStatus.RingMedia => new("◌", L("Ringing"), "busy"),
        CallStatus.SessionProgress => new("◌", L("In progress"), "busy"),
        CallStatus.Established => new("●", L("Live"), "live"),
        CallStatus.Hold => new("◆", L("On hold"), "warn"),
        CallStatus.Busy => new("✖", L("Busy"), "error"),
        CallStatus.Finish => new("■", L("Ended"), "ended"),
        _ => new("✖", L("Failed"), "error"),
    };

    /// <summary>What the engine says of a call beyond the word for its state; empty where it says the same. The engine speaks English, so its line is looked up like that word.</summary>
    public static string Beyond(CallSnapshot call) => call.End switch
    {
        { Code: SaidByState } when call.Status is CallStatus.Busy => "",
        { } end => end.Title,
        null => Resources.Texts.L(call.Detail) == Look(call.Status).Word ? "" : call.Detail,
    };

    /// <summary>Why a call of the history ended, where the word for its state does not say it.</summary>
    public static string Beyond(Data.CallRecord call) => call is { Status: "BUSY", CauseCode: SaidByState } ? "" : call.CauseTitle ?? "";

    /// <summary>What a finished call looks like in the history.</summary>
    public static StatusLook Look(Data.CallRecord call) => call switch
    {
        { Interrupted: true } => new("⚠", L("Interrupted"), "warn"),
        { EndedAt: null, AnsweredAt: not null } => new("●", L("Live"), "live"),
        { EndedAt: null } => new("◌", L("Starting"), "busy"),
        { Status: "BUSY" } => new("✖", L("Busy"), "error"),
        { Failed: true } => new("✖", L("Failed"), "error"),
        _ => new("■", L("Ended"), "ended"),
    };

    /// <summary>What calls the other side once more.</summary>
    public static string Again(bool incoming) => incoming ? L("Call back") : L("Call again");

    public static string Transport(SipTransportChoice transport) => transport switch { SipTransportChoice.Udp => "UDP", SipTransportChoice.Tcp => "TCP", SipTransportChoice.Tls => "TLS", _ => L("Automatic") };

    /// <summary>The SIP port where none is given.</summary>
    public static string DefaultPort(SipTransportChoice transport) => transport is SipTransportChoice.Tls ? "5061" : "5060";

    public static string Role(Role role) => role switch
    {
        Security.People.Role.Admin => L("Admin"),
        Security.People.Role.Operator => L("Operator"),
        _ => L("Viewer"),
    };

    public static string Step(string name) => name switch
    {
        "resolve" => L("Find the server"),
        "register" => L("Register"),
        "invite" => L("Invite"),
        "ring" => L("Ring"),
        "media" => L("First media"),
        _ => name,
    };
}
