using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Security.SignIn;

/// <summary>
/// <c>/login</c>, <c>/logout</c> and <c>/setup</c>: plain forms. That a form of another site cannot send them is the work of
/// <see cref="RequestGuard"/>: browsers name the origin of every POST.
/// </summary>
internal static partial class SignInPages
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", Login).ExcludeFromDescription();
        routes.MapPost("/login", SignInAsync).ExcludeFromDescription().DisableAntiforgery();
        routes.MapPost("/logout", SignOutAsync).ExcludeFromDescription().DisableAntiforgery();
        routes.MapGet("/setup", Setup).ExcludeFromDescription();
        routes.MapPost("/setup", CreateFirstAsync).ExcludeFromDescription().DisableAntiforgery();
    }

    private static IResult Login(HttpContext http, SecuritySettings security, SetupToken token)
    {
        if (!security.LoginRequired) return Results.LocalRedirect("/");
        if (token.Value is not null) return Results.LocalRedirect("/setup");
        return Page(http, 200, new() { ["Action"] = "/login", ["Return"] = Local(http.Request.Query["return"].ToString()) });
    }

    private static async Task<IResult> SignInAsync(HttpContext http, SecuritySettings security, UserStore users, SignInThrottle throttle, AuditLog audit, ILogger<UserStore> logger)
    {
        if (!security.LoginRequired) return Results.LocalRedirect("/");
        if (await FormAsync(http) is not { } form) return Page(http, 400, new() { ["Message"] = L("This was not the form"), ["Action"] = "/login" });
        var (name, back) = (form["name"].ToString(), Local(form["return"].ToString()));
        var address = Caller.AddressOf(http);
        if (throttle.WaitOf(address) is var wait && wait > TimeSpan.Zero)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Page(http, 429, new() { ["Message"] = L("Too many wrong logins from your address. Wait a minute."), ["Action"] = "/login", ["Name"] = name, ["Return"] = back });
        }

        var outcome = await users.SignInAsync(name, form["password"].ToString(), http.RequestAborted);
        if (outcome.Succeeded)
        {
            await SessionCookie.WriteAsync(http, outcome.Value, form["keep"] == "true");
            audit.Add(new Caller(CallerKind.User, outcome.Value.Name, Scopes.None, address), "sign-in", null, 200);
            return Results.LocalRedirect(back);
        }

        var failure = outcome.Failures[0];
        if (failure.Blame == Blame.Caller)
        {
            throttle.Failed(address);
            audit.Add(Caller.Nobody(address), "sign-in", name, 401);
            Log.Failed(logger, address, failure.Code);
        }

        return Page(http, failure.Blame == Blame.Caller ? 401 : 503, new() { ["Message"] = failure.ToString(), ["Action"] = "/login", ["Name"] = name, ["Return"] = back });
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, AuditLog audit)
    {
        audit.Add(Caller.Of(http), "sign-out", null, 200);
        await http.SignOutAsync(SessionCookie.Scheme);
        return Results.LocalRedirect("/login");
    }

    private static IResult Setup(HttpContext http, SetupToken token) => token.Value is null
        ? Results.LocalRedirect("/login")
        : Page(http, 200, SetupForm(null, http.Request.Query["token"].ToString(), ""));

    private static async Task<IResult> CreateFirstAsync(HttpContext http, SetupToken token, UserStore users, SignInThrottle throttle, AuditLog audit, ILogger<UserStore> logger)
    {
        if (token.Value is null) return Results.LocalRedirect("/login");
        var address = Caller.AddressOf(http);
        if (await FormAsync(http) is not { } form) return Page(http, 400, SetupForm(L("This was not the form"), "", ""));
        var (given, name) = (form["token"].ToString(), form["name"].ToString());
        if (throttle.WaitOf(address) > TimeSpan.Zero) return Page(http, 429, SetupForm(L("Too many wrong tries from your address. Wait a minute."), "", name));
        if (!token.Matches(given))
        {
            throttle.Failed(address);
            audit.Add(Caller.Nobody(address), "set-up", name, 401);
            return Page(http, 401, SetupForm(L("This is not the token the console shows"), "", name));
        }

        var made = await users.CreateAsync(name, form["password"].ToString(), Role.Admin, onlyFirst: true, http.RequestAborted);
        if (!made.Succeeded && made.Failures[0].Code != "setup-done") return Page(http, 400, SetupForm(made.Failures[0].ToString(), given, name));
        token.Use();
        if (made.Value is not { } admin) return Results.LocalRedirect("/login");
        audit.Add(new Caller(CallerKind.User, admin.Name, Scopes.None, address), "set-up", admin.Name, 200);
        Log.FirstAdministrator(logger, admin.Name);
        var signedIn = await users.SignInAsync(name, form["password"].ToString(), http.RequestAborted);
        if (signedIn.Value is { } user) await SessionCookie.WriteAsync(http, user, keep: false);
        return Results.LocalRedirect("/");
    }

    /// <summary>A path of ours; anything that leads elsewhere becomes the start page.</summary>
    internal static string Local(string path) =>
        path.Length > 1 && path[0] == '/' && path[1] is not ('/' or '\\') && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal) && path.Length < 2000 ? path : "/";

    private static async Task<IFormCollection?> FormAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength > 16_384) return null;
        try
        {
            return await http.Request.ReadFormAsync(new() { BufferBodyLengthLimit = 16_384, ValueCountLimit = 10, ValueLengthLimit = 4096 }, http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null; // Too many or too long fields.
        }
    }

    /// <summary>For addresses that are no pages, or none at all.</summary>
    public static Task RefuseAsync(HttpContext http, Role needed) => Page(http, 403, new()
    {
        ["Title"] = L("Not allowed"), ["Text"] = needed switch
        {
            Role.Admin => L("This address needs the role Admin."), Role.Operator => L("This address needs the role Operator."), _ => L("This address needs the role Viewer."),
        },
    }).ExecuteAsync(http);

    private static Dictionary<string, object?> SetupForm(string? message, string token, string name) => new()
    {
        ["Title"] = L("First administrator"), ["Text"] = L("This server has no users yet. Its console shows the token."), ["Action"] = "/setup", ["IsSetup"] = true,
        ["Message"] = message, ["Token"] = token, ["Name"] = name,
    };

    private static RazorComponentResult<SignInDocument> Page(HttpContext http, int status, Dictionary<string, object?> parameters)
    {
        parameters["Theme"] = http.Request.Cookies["theme"] is "light" ? "light" : "dark";
        http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<SignInDocument>(parameters) { StatusCode = status, PreventStreamingRendering = true };
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.SignInFailed, LogLevel.Warning, "A login from {Address} was refused: {Code}")]
        public static partial void Failed(ILogger logger, string address, string code);

        [LoggerMessage(EventIds.FirstAdministrator, LogLevel.Information, "The first administrator is {Name}")]
        public static partial void FirstAdministrator(ILogger logger, string name);
    }
}
