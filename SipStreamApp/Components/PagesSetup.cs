using MudBlazor;
using MudBlazor.Services;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Components.Pages.Embed;
using SipStreamApp.Components.Shared;

namespace SipStreamApp.Components;

/// <summary>Services, pipeline and routes of the pages.</summary>
internal static class PagesSetup
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomLeft;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 3;
            mud.SnackbarConfiguration.VisibleStateDuration = 6000;
            mud.SnackbarConfiguration.ShowTransitionDuration = 120;
            mud.SnackbarConfiguration.HideTransitionDuration = 120;
            mud.SnackbarConfiguration.PreventDuplicates = false;
        });
        services.AddScoped<BrowserInterop>();
        services.AddSingleton(ApiCatalog.Of);
        services.AddScoped<ApiBrowser>();
    }

    public static void UsePages(this WebApplication app)
    {
        // Not in a branch: re-execution needs the routing of the whole application. The API's own handling lies inside and wins.
        if (!app.Environment.IsDevelopment()) app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
    }

    public static void MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapEmbed();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
