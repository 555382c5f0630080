using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>Users, API keys and the audit table for pages: for administrators.</summary>
internal sealed class PeopleDoor(PageRights rights, UserStore users, ApiKeyStore keys, AuditLog audit) : Door(rights)
{
    public Task<Outcome<UserList>> UsersAsync(CancellationToken cancel) => AskAsync(Scopes.Admin, () => users.ListAsync(cancel));

    public Task<Outcome<ApiKeyList>> KeysAsync(CancellationToken cancel) => AskAsync(Scopes.Admin, () => keys.ListAsync(cancel));

    public Task<Outcome<AuditPage>> AuditAsync(int most, CancellationToken cancel) => AskAsync(Scopes.Admin, () => audit.NewestAsync(most, cancel));

    public Task<Outcome<UserView>> CreateUserAsync(string name, string password, Role role, CancellationToken cancel) =>
        AskAsync(Scopes.Admin, () => users.CreateAsync(name, password, role, onlyFirst: false, cancel));

    public Task<Failure?> SetRoleAsync(int id, Role role, CancellationToken cancel) => AskAsync(Scopes.Admin, () => users.SetRoleAsync(id, role, cancel));

    public Task<Failure?> DeleteUserAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Admin, () => users.DeleteAsync(id, cancel));

    /// <summary>Makes one in the name of who asks.</summary>
    public Task<Outcome<NewApiKey>> CreateKeyAsync(string name, Scopes scopes, DateTimeOffset? expiresAt, CancellationToken cancel) =>
        AskAsync(Scopes.Admin, () => keys.CreateAsync(name, scopes, expiresAt, Caller.Name, cancel));

    public Task<Failure?> RevokeKeyAsync(string id, CancellationToken cancel) => AskAsync(Scopes.Admin, () => keys.RevokeAsync(id, cancel));
}
