using SipStreamApp.Hosting;

namespace SipStreamApp.Webhook;

/// <summary>Settings of the webhook (section Webhook).</summary>
internal sealed record WebhookSettings
{
    /// <summary>Where all events are posted; null: nowhere. May hold a secret: only <see cref="Target"/> is shown.</summary>
    public Uri? Url { get; init; }

    /// <summary>Key of the signature; empty: not signed. Never shown.</summary>
    public string Secret { get; init; } = "";

    /// <summary>How long the target may take, seconds, 1-120.</summary>
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>How long the log of deliveries is kept, days, 1-365.</summary>
    public int RetentionDays { get; init; } = 7;

    /// <summary>The target as people see it: without user, path and query, which may hold a token.</summary>
    public string Target => Url is null ? "" : Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + (Url.PathAndQuery == "/" ? "" : "/…");

    public static WebhookSettings Read(SettingsReader read)
    {
        var url = read.Text("Webhook:Url", "");
        Uri? target = null;

        // Not repeated where it is wrong: it may hold a token.
        if (url.Length > 0 && (!Uri.TryCreate(url, UriKind.Absolute, out target) || target.Scheme is not ("http" or "https")))
            read.Problems.Add("Webhook:Url must be an http or https address, or empty.");
        return new WebhookSettings
        {
            Url = target,
            Secret = read.Text("Webhook:Secret", ""),
            TimeoutSeconds = read.Number("Webhook:TimeoutSeconds", 10, 1, 120),
            RetentionDays = read.Number("Webhook:RetentionDays", 7, 1, 365),
        };
    }
}
