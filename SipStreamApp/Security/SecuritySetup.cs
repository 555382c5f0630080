using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.HttpOverrides;
using SipStreamApp.Hosting;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using SipStreamApp.Security.SignIn;

namespace SipStreamApp.Security;

/// <summary>Services, pipeline and routes of who may do what.</summary>
internal static class SecuritySetup
{
    /// <summary>The stores over the database; part of <see cref="Data.DataSetup"/>.</summary>
    public static void AddSecurityStores(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(settings.Security);
        services.AddSingleton<SecurityData>();
        services.AddSingleton(s => new UserStore(s.GetRequiredService<SecurityData>()));
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton(_ => LinkSigner.FromFile(Path.Combine(settings.DataDirectory, "keys", "play-links.key")));
        services.AddSingleton<PlayLinkStore>();
        services.AddSingleton<AuditLog>();
    }

    /// <summary>After the database, before the engine: the first administrator is there before the first request.</summary>
    public static void AddSecurity(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(settings.CorsOrigins);
        services.AddSingleton<RequestGuard>();
        services.AddSingleton<LinkSeats>();
        services.AddSingleton<PlayAccess>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SetupToken>();
        services.AddSingleton<AccessGate>();
        services.AddSingleton<RightsWatch>();
        services.AddHostedService(s => s.GetRequiredService<RightsWatch>());
        services.AddHostedService(s => s.GetRequiredService<AuditLog>());
        services.AddHostedService<SecurityStarter>();
        services.AddHostedService<PageAudit>();
        services.AddScoped<PageRights>();
        services.AddScoped<CircuitHandler, CircuitCaller>();
        services.AddScoped<AuthenticationStateProvider, RevalidatedUser>();
        services.AddAuthentication(SessionCookie.Scheme).AddCookie(SessionCookie.Configure);
        services.AddCascadingAuthenticationState();

        // A proxy on this machine says who asked and whether by TLS; nobody else is believed.
        services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
    }

    /// <summary>First in the pipeline: nothing answers before it.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseRequestGuard();
        app.UseAuthentication();
        var gate = app.Services.GetRequiredService<AccessGate>();
        app.Use(gate.InvokeAsync);
    }

    public static void MapSecurity(this IEndpointRouteBuilder routes) 
    {
        routes.MapSignIn();
        routes.MapSecurityApi();
    }
}
