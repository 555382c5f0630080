namespace SipStreamApp.Hooks;

/// <summary>Services of the REST hooks.</summary>
internal static class HooksSetup
{
    public static void AddHooks(this IServiceCollection services)
    {
        services.AddSingleton<AppHooks>();
        services.AddSingleton<IAppHooks>(s => s.GetRequiredService<AppHooks>());
        services.AddHostedService<CallHooks>();
    }
}
