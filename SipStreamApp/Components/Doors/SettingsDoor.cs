using SipStreamApp.Data;
using SipStreamApp.Hosting.Effective;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using SipStreamApp.Webhook;

namespace SipStreamApp.Components.Doors;

/// <summary>Settings and the webhook for pages: for administrators.</summary>
internal sealed class SettingsDoor(PageRights rights, EffectiveSettings effective, WebhookService hook) : Door(rights)
{
    /// <summary>What the program runs with.</summary>
    public IReadOnlyList<EffectiveSetting> All => May(Scopes.Admin) ? effective.All : [];

    /// <summary>What was changed since the start.</summary>
    public IReadOnlyList<string> Waiting => May(Scopes.Admin) ? effective.Waiting : [];

    /// <summary>Where the webhook goes, as it may be shown; null where none is set.</summary>
    public string? HookTarget => May(Scopes.Admin) && hook.Settings.Url is not null ? hook.Settings.Target : null;

    public bool HookHasSecret => May(Scopes.Admin) && hook.Settings.Secret.Length > 0;

    /// <summary>Grows with every change of the webhook's log.</summary>
    public int HookVersion => May(Scopes.Admin) ? hook.Version : 0;

    public Task<Outcome<WebhookLog>> HookLogAsync(int most, CancellationToken cancel) => AskAsync(Scopes.Admin, () => hook.LogAsync(most, cancel));

    public Task<Failure?> SendTestAsync(CancellationToken cancel) => AskAsync(Scopes.Admin, () => hook.SendTestAsync(cancel));

    public Task<Failure?> RedeliverAsync(long id, CancellationToken cancel) => AskAsync(Scopes.Admin, () => hook.RedeliverAsync(id, cancel));
}
