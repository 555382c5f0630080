using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>
/// What the person in front of a page may do; one for each circuit. Pages ask it what to show, the doors to the engine and the database
/// (Components/Doors) ask it before they do anything. Without login everybody may do everything.
/// </summary>
internal sealed class PageRights(SecuritySettings security, AuthenticationStateProvider state, UserStore users, AuditLog audit)
{
    private static readonly Caller Everybody = Caller.Nobody("page", Scopes.All);
    private static readonly Caller Nobody = Caller.Nobody("page");
    private (ClaimsPrincipal User, Caller Caller)? _known;

    /// <summary>Who it is.</summary>
    public Caller Caller
    {
        get
        {
            if (!security.LoginRequired) return Everybody;
            if (User is not { } user) return Nobody;
            if (_known is not var (before, caller) || !ReferenceEquals(before, user)) _known = (user, caller = Of(user));
            return caller;
        }
    }

    // Completed in practice: the state is there before the first page.
    private ClaimsPrincipal? User => state.GetAuthenticationStateAsync() is { IsCompletedSuccessfully: true } done ? done.GetAwaiter().GetResult().User : null;

    /// <summary>Whether to show what needs that right. What is done is looked at once more: <see cref="RefusalAsync"/>.</summary>
    public bool May(Scopes needs) => Caller.May(needs);

    /// <summary>
    /// Null where it may be done now. Unlike <see cref="May"/> it looks at the user as he is: a page that was opened before his role was
    /// taken still shows its buttons for some seconds. A refusal is in the audit table.
    /// </summary>
    /// <param name="needs">The right.</param>
    /// <param name="action">What is to be done, for the audit table.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Failure?> RefusalAsync(Scopes needs, string action, CancellationToken cancel = default)
    {
        var caller = Caller;
        if (caller.May(needs) && (!security.LoginRequired || await IsGoodAsync(cancel))) return null;
        audit.Add(caller, "page: " + action, null, StatusCodes.Status403Forbidden);
        return caller.May(needs)
            ? new Failure("not-allowed", Blame.Caller, "Your login has ended or was changed", "Sign in again.")
            : new Failure("not-allowed", Blame.Caller, "Your role does not allow this", $"It needs the role {needs.LeastRole().ToString().ToLowerInvariant()}.");
    }

    private async Task<bool> IsGoodAsync(CancellationToken cancel) =>
        User is { } user && SessionCookie.Read(user) is var (id, stamp) && await users.FindAsync(id, stamp, cancel) is not null;

    private static Caller Of(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, Name: { } name }
        ? new Caller(CallerKind.User, name, Enum.TryParse<Role>(user.FindFirstValue(ClaimTypes.Role), out var role) ? role.Scopes() : Scopes.None, "page")
        : Nobody;
}
