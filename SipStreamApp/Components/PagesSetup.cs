using System.Globalization;
using Microsoft.AspNetCore.Localization;
using MudBlazor;
using MudBlazor.Services;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Components.Pages.Embed;
using SipStreamApp.Components.Shared;
using SipStreamApp.Resources;

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
        services.AddDoors();
    }

    /// <summary>Texts come in the language the browser asks for, where it is there. Numbers and dates are written alike in all, so that only the UI's culture is chosen.</summary>
    public static void UsePageLanguage(this WebApplication app) => app.UseRequestLocalization(new RequestLocalizationOptions
    {
        DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, Texts.Languages[0]), SupportedCultures = [CultureInfo.InvariantCulture], SupportedUICultures = [.. Texts.Languages],
    });

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
