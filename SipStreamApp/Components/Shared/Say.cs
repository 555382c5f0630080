using System.Globalization;
using SipStreamApp.Media.Calls;

namespace SipStreamApp.Components.Shared;

/// <summary>How a call's status looks: a sign, a word and a colour class, never colour alone.</summary>
internal sealed record StatusLook(string Sign, string Word, string Css);

/// <summary>Figures and states in words for people.</summary>
internal static class Say
{
    public static string Count(int number, string noun) => $"{number.ToString(CultureInfo.InvariantCulture)} {noun}{(number == 1 ? "" : "s")}";

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
        if (age < TimeSpan.FromSeconds(45)) return "just now";
        if (age < TimeSpan.FromHours(1)) return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)age.TotalMinutes)} min ago");
        var local = then.ToLocalTime();
        return local.Date == now.ToLocalTime().Date
            ? local.ToString("'today' HH:mm", CultureInfo.InvariantCulture)
            : local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string Exact(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static StatusLook Look(CallStatus status) => status switch
    {
        CallStatus.New or CallStatus.Pending => new("◌", "Starting", "busy"),
        CallStatus.Trying => new("◌", "Calling", "busy"),
        CallStatus.Ring or CallStatus.RingMedia => new("◌", "Ringing", "busy"),
        CallStatus.SessionProgress => new("◌", "In progress", "busy"),
        CallStatus.Established => new("●", "Live", "live"),
        CallStatus.Hold => new("◆", "On hold", "warn"),
        CallStatus.Busy => new("✖", "Busy", "error"),
        CallStatus.Finish => new("■", "Ended", "ended"),
        _ => new("✖", "Failed", "error"),
    };

    /// <summary>What a finished call looks like in the history.</summary>
    public static StatusLook Look(Data.CallRecord call) => call switch
    {
        { Interrupted: true } => new("⚠", "Interrupted", "warn"),
        { EndedAt: null, AnsweredAt: not null } => new("●", "Live", "live"),
        { EndedAt: null } => new("◌", "Starting", "busy"),
        { Status: "BUSY" } => new("✖", "Busy", "error"),
        { Failed: true } => new("✖", "Failed", "error"),
        _ => new("■", "Ended", "ended"),
    };

    public static string Transport(SipTransportChoice transport) => transport switch { SipTransportChoice.Udp => "UDP", SipTransportChoice.Tcp => "TCP", _ => "Automatic" };

    public static string Step(string name) => name switch
    {
        "resolve" => "Find the server",
        "register" => "Register",
        "invite" => "Invite",
        "ring" => "Ring",
        "media" => "First media",
        _ => name,
    };
}
