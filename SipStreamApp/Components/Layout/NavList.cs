using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Layout;

/// <summary>A list of pages that knows which of them is shown; one component for all its links.</summary>
public abstract class NavList : ComponentBase, IDisposable
{
    private NavPage? _here;
    private IReadOnlyList<NavPage>? _pages;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    /// <summary>The pages this person may open.</summary>
    internal IReadOnlyList<NavPage> Pages => _pages ??= NavPages.For(Rights);

    internal bool MayCall => Rights.May(Scopes.Control);

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _here = NavPages.Of(Navigation.ToBaseRelativePath(Navigation.Uri));
        Navigation.LocationChanged += Moved;
    }

    internal MarkupString Link(NavPage page, NavPlace place) => NavLink.Of(page, place, page == _here);

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        var here = NavPages.Of(Navigation.ToBaseRelativePath(e.Location));
        if (here == _here) return;
        _here = here;
        _ = InvokeAsync(StateHasChanged);
    }
}
