using SipStreamApp.Hooks;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Webhook;

namespace SipStreamApp.Hosting;

/// <summary>Section Outgoing, and the addresses in other sections it holds for: what would be refused at every connection is said at the start.</summary>
internal static class OutgoingSettings
{
    public static OutgoingOptions Read(SettingsReader read, bool loginRequired)
    {
        var targets = read.Text("Outgoing:PrivateTargets", "auto").ToLowerInvariant();
        if (targets is not ("auto" or "allow" or "refuse")) read.Wrong("Outgoing:PrivateTargets", targets, "auto, allow or refuse");
        var allowed = string.Join(',', read.List("Outgoing:Allowed"));
        if (OutgoingGuard.WrongEntry(allowed) is { } wrong)
        {
            read.Wrong("Outgoing:Allowed", wrong, "networks such as 10.1.0.0/16, addresses, and hosts such as media.lan or *.lan, separated by commas");
            allowed = "";
        }

        return new OutgoingOptions { PrivateTargets = targets == "auto" && loginRequired ? "refuse" : targets, Allowed = allowed };
    }

    public static OutgoingGuard Guard(SettingsReader read, EngineOptions engine, HookSettings hooks, WebhookSettings webhook)
    {
        var guard = new OutgoingGuard(engine.Outgoing.PrivateTargets == "refuse", engine.Outgoing.Allowed);
        foreach (var (app, hook) in hooks.Apps) Check($"Hooks:Apps:{app}:Url", hook.Url);
        Check("Webhook:Url", webhook.Url);
        Check("Recording:AfterRecordUrl", Uri.TryCreate(engine.Recording.AfterRecordUrl, UriKind.Absolute, out var told) ? told : null);
        return guard;

        // The host only: the rest may hold a secret.
        void Check(string key, Uri? url)
        {
            if (url is not null && guard.CheckWritten(url.Host) is not null)
                read.Problems.Add($"{key} leads into a private network, to {url.Host}, which is refused{(guard.RefusesPrivate ? " where users are required" : "")}. Name it in Outgoing:Allowed, if it is meant.");
        }
    }
}
