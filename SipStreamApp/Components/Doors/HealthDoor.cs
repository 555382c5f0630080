using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using SipStreamApp.Telemetry.Checks;

namespace SipStreamApp.Components.Doors;

/// <summary>The checks for pages: for operators, since they register accounts and name them.</summary>
internal sealed class HealthDoor(PageRights rights, HealthRunner runner, AccountStore accounts, MediaEngine engine) : Door(rights)
{
    /// <summary>The newest run; null before the first.</summary>
    public HealthRun? Last => May(Scopes.Control) ? runner.Last : null;

    /// <summary>What would be looked at.</summary>
    public IReadOnlyList<IServerCheck> Checks => May(Scopes.Control) ? runner.Checks : [];

    /// <summary>Starts a run, or gives the one that runs.</summary>
    public Task<Outcome<HealthRun>> StartAsync() => AskAsync<HealthRun>(Scopes.Control, () => runner.Start());

    /// <summary>A run as text, with names of accounts and folders masked.</summary>
    public Task<Outcome<string>> ReportAsync(HealthRun run, CancellationToken cancel) => AskAsync<string>(Scopes.Control, async () =>
    {
        var list = await accounts.ListAsync(cancel);
        IEnumerable<string> names = list.Succeeded ? list.Value.Accounts.SelectMany(a => new[] { a.Name, a.Login, a.AuthenticationName ?? "" }) : [];
        return HealthText.Of(run, [.. names, Path.GetFullPath(engine.Options.DataDirectory)]);
    });
}
