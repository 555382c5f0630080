using SipStreamApp.Hosting;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.SignIn;

/// <summary>
/// Before the first request: makes the first administrator from Security:AdminPassword, or issues the token for /setup. A server that
/// others can reach never starts open; without users it answers nothing but its set-up.
/// </summary>
internal sealed partial class SecurityStarter(SecuritySettings security, UserStore users, SetupToken token, AppSettings settings, ILogger<SecurityStarter> logger) : IHostedService
{
    public const string FirstName = "admin";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (security.AnonymousRest) Log.AnonymousRest(logger);
        if (security.LoginRequired && settings.Engine.Calls is { AllowedCallees: "", AllowedDomains: "" }) Log.AnyNumber(logger);
        if (!security.LoginRequired || await users.AnyAsync(cancellationToken) == true) return;
        if (security.AdminPassword.Length > 0)
        {
            var made = await users.CreateAsync(FirstName, security.AdminPassword, Role.Admin, onlyFirst: true, cancellationToken);
            if (made.Succeeded) Log.Created(logger, FirstName);
            return;
        }

        token.Issue();
        Log.NeedsSetup(logger);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What the console says while there is no user; null where there is nothing to say. Holds the token: for the console only, never for the log.</summary>
    public static string? Instructions(SetupToken token, string url) => token.Value is { } value
        ? $"""
           This server can be reached by others and has no users, so it answers nothing yet. Make the first administrator:
             - open {url.TrimEnd('/')}/setup?token={value}
             - or start it with Security:AdminPassword (environment: Security__AdminPassword) for the user "{FirstName}".
           """
        : null;

    private static partial class Log
    {
        [LoggerMessage(EventIds.AnonymousRest, LogLevel.Warning,
            "Security:AllowAnonymousRest is on: whoever reaches this server may place calls and see everything by REST, without a key. For closed networks only")]
        public static partial void AnonymousRest(ILogger logger);

        [LoggerMessage(EventIds.AnyNumber, LogLevel.Warning,
            "Whoever may place calls may call every number, paid ones too: Calls:AllowedCallees and Calls:AllowedDomains narrow it down")]
        public static partial void AnyNumber(ILogger logger);

        [LoggerMessage(EventIds.AdministratorMade, LogLevel.Information, "The first administrator is \"{Name}\", with the password of Security:AdminPassword")]
        public static partial void Created(ILogger logger, string name);

        [LoggerMessage(EventIds.LoginRequired, LogLevel.Warning, "There are no users: all pages and methods are closed until the first administrator is made at /setup")]
        public static partial void NeedsSetup(ILogger logger);
    }
}
