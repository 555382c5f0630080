using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using SipStreamApp.Components.Pages;
using SipStreamApp.Components.Shared;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Layout;

/// <summary>
/// Shows a page to who may see it. Inside a circuit no request is made for a page, so the gate in front of the requests does not see it;
/// the same table decides here, by the page and not by how its address is written.
/// </summary>
public sealed class GuardedRouteView : RouteView
{
    [Inject]
    private PageRights Rights { get; set; } = default!;

    /// <summary>Renders it anew when the login ends.</summary>
    [CascadingParameter]
    private Task<AuthenticationState>? State { get; set; }

    /// <inheritdoc/>
    protected override void Render(RenderTreeBuilder builder)
    {
        var needs = AccessRules.OfPage(RouteData.PageType.GetCustomAttributes<RouteAttribute>().Select(r => r.Template));
        if (Rights.May(needs)) base.Render(builder);
        else NotAllowed(builder, needs);
    }

    private void NotAllowed(RenderTreeBuilder builder, Scopes needs)
    {
        builder.OpenComponent<LayoutView>(0);
        builder.AddComponentParameter(1, nameof(LayoutView.Layout), DefaultLayout);
        builder.AddComponentParameter(2, nameof(LayoutView.ChildContent), (RenderFragment)(content =>
        {
            content.OpenComponent<NotAllowedPage>(0);
            content.AddComponentParameter(1, nameof(NotAllowedPage.Role), Say.Role(needs.LeastRole()));
            content.CloseComponent();
        }));
        builder.CloseComponent();
    }
}
