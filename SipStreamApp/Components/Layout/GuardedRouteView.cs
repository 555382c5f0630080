using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using SipStreamApp.Components.Pages;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Layout;

/// <summary>
/// Shows a page to who may see it. Inside a circuit no request is made for a page, so the gate in front of the requests does not see it;
/// the same table decides here.
/// </summary>
public sealed class GuardedRouteView : RouteView
{

    private bool? _loginRequired;

    [Inject]
    private IServiceProvider Provider { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState>? State { get; set; }

    // Asked once: a circuit may outlive the services of a program that ends.
    private bool LoginRequired => _loginRequired ??= Provider.GetService<SecuritySettings>() is { LoginRequired: true };

    /// <inheritdoc/>
    protected override void Render(RenderTreeBuilder builder)
    {
        // Completed in practice: the state is there before the first page.
        var user = State is { IsCompletedSuccessfully: true } done ? done.GetAwaiter().GetResult().User : null;
        if (!LoginRequired || May(user)) base.Render(builder);
        else NotAllowed(builder);
    }

    private bool May(System.Security.Claims.ClaimsPrincipal? user)
    {
        var path = "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
        var need = AccessRules.Of(HttpMethods.Get, path, webSocket: false);
        if (need.Kind is NeedKind.Open or NeedKind.Play) return true;
        return user is not null && Enum.TryParse<Role>(user.FindFirst(System.Security.Claims.ClaimTypes.Role)?.Value, out var role) && (role.Scopes() & need.Scope) == need.Scope;
    }

    private void NotAllowed(RenderTreeBuilder builder)
    {
        builder.OpenComponent<LayoutView>(0);
        builder.AddComponentParameter(1, nameof(LayoutView.Layout), DefaultLayout);
        builder.AddComponentParameter(2, nameof(LayoutView.ChildContent), (RenderFragment)(content =>
        {
            content.OpenComponent<NotAllowedPage>(0);
            content.CloseComponent();
        }));
        builder.CloseComponent();
    }
}
