using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>Says who acts while a page handles what its person did: clicks arrive by a circuit, not by requests.</summary>
internal sealed class CircuitCaller(PageRights rights) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => context =>
    {
        Caller.Acting = rights.Caller;
        return next(context);
    };
}

/// <summary>Ends what a page may do when its user was removed or changed: looked at every half minute while the page is open.</summary>
internal sealed class RevalidatedUser(ILoggerFactory loggers, SecuritySettings security, UserStore users) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (!security.LoginRequired) return true;
        if (SessionCookie.Read(authenticationState.User) is not var (id, stamp)) return false;
        try
        {
            return await users.FindAsync(id, stamp, cancellationToken) is not null;
        }
        catch (ObjectDisposedException)
        {
            return true; // The program ends, and the page with it.
        }
    }
}
