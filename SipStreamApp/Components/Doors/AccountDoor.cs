using System.Collections.Immutable;
using SipStreamApp.Answering;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>Saved SIP accounts for pages: for operators, also to look at.</summary>
internal sealed class AccountDoor(PageRights rights, AccountStore store, AnsweringAccounts answering, MediaEngine engine) : Door(rights)
{
    /// <summary>Where the accounts stand that answer calls, by their id; another object after each change.</summary>
    public ImmutableDictionary<int, AccountStand> Stands => May(Scopes.Control) ? answering.Stands : ImmutableDictionary<int, AccountStand>.Empty;

    public Task<Outcome<AccountList>> ListAsync(CancellationToken cancel) => AskAsync(Scopes.Control, () => store.ListAsync(cancel));

    public Task<Outcome<SipAccount>> SaveAsync(AccountDraft draft, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.SaveAsync(draft, cancel));

    public Task<Outcome<SipAccount>> DeleteAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.DeleteAsync(id, cancel));

    public Task<Outcome<SipAccount>> RestoreAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.RestoreAsync(id, cancel));

    /// <summary>With its password, for a call.</summary>
    public Task<Outcome<SipIdentity>> IdentityAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.IdentityAsync(id, cancel));

    /// <summary>Registers it and takes that back.</summary>
    public Task<Outcome<RegistrationCheck>> TestAsync(int id, CancellationToken cancel) => AskAsync<RegistrationCheck>(Scopes.Control, async () =>
    {
        var identity = await store.IdentityAsync(id, cancel);
        return identity.Succeeded ? await engine.TestAccountAsync(identity.Value, cancel) : identity.Failures[0];
    });
}
