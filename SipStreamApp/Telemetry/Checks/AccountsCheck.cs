using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>Each saved account that has to register can: one REGISTER, taken back at once where no call holds it.</summary>
internal sealed class AccountsCheck(AccountStore accounts, MediaEngine engine) : IServerCheck
{
    /// <summary>Accounts tried in one run; providers do not like storms of REGISTER.</summary>
    public const int Most = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    public string Id => "accounts";

    public string Title => "SIP accounts";

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var list = await accounts.ListAsync(cancel);
        if (!list.Succeeded) return CheckResult.Failed("–", list.Failures[0].Title, "The accounts cannot be read until the database works again.");
        var due = list.Value.Accounts.Where(a => a.RegisterRequired).ToList();
        if (due.Count == 0) return CheckResult.Note(list.Value.Accounts.Count == 0 ? "no account is saved" : $"none of {Say.CountInEnglish(list.Value.Accounts.Count, "account")} has to register");
        var tried = await Task.WhenAll(due.Take(Most).Select(async a => (Account: a, Problem: await WhyNotAsync(a.Id, cancel))));
        var broken = tried.Where(t => t.Problem is not null).ToList();
        var figure = $"{tried.Length - broken.Count} of {tried.Length} register{(due.Count > Most ? $", {due.Count - Most} not tried" : "")}";
        return broken.Count == 0
            ? CheckResult.Good(figure)
            : CheckResult.Failed(figure, string.Join(" ", broken.Select(b => $"{b.Account.Name}: {b.Problem}.")), "Test the account on the page Accounts: it shows the cause and what to do.");
    }

    private async Task<string?> WhyNotAsync(int id, CancellationToken cancel)
    {
        var identity = await accounts.IdentityAsync(id, cancel);
        if (!identity.Succeeded) return identity.Failures[0].Title;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var check = await engine.TestAccountAsync(identity.Value, limit.Token);
            return check.Succeeded ? null : check.End.Title.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
