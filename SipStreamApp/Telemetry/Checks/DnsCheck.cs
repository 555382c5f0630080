using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The servers of the saved accounts are found (RFC 3263: SRV, then addresses).</summary>
internal sealed class DnsCheck(AccountStore accounts, MediaEngine engine, TimeProvider time) : IServerCheck
{
    private const int Most = 20;

    public string Id => "dns";

    public string Title => "DNS of account domains";

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var list = await accounts.ListAsync(cancel);
        if (!list.Succeeded) return CheckResult.Failed("–", list.Failures[0].Title, "The accounts cannot be read until the database works again.");
        var servers = list.Value.Accounts.DistinctBy(a => (a.OutboundProxy ?? a.Domain, a.Port, a.Transport)).Take(Most).ToList();
        if (servers.Count == 0) return CheckResult.Note("no account is saved");
        var start = time.GetTimestamp();
        var found = await Task.WhenAll(servers.Select(async a =>
        {
            var identity = await accounts.IdentityAsync(a.Id, cancel);
            return (Name: a.OutboundProxy ?? a.Domain, Known: identity.Succeeded && (await engine.FindServersAsync(identity.Value, cancel)).Count > 0);
        }));
        var missing = found.Where(f => !f.Known).Select(f => f.Name).Distinct().ToList();
        var figure = $"{found.Count(f => f.Known)} of {Say.CountInEnglish(found.Length, "server")} found, {Say.Milliseconds(time.GetElapsedTime(start))}";
        return missing.Count == 0
            ? CheckResult.Good(figure)
            : CheckResult.Failed(figure, $"DNS knows no address for {string.Join(", ", missing)}.", "Check the spelling of domain and proxy on the page Accounts, and the DNS servers of this machine.");
    }
}
