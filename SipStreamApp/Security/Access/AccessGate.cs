using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;
using SipStreamApp.Api;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using SipStreamApp.Security.SignIn;

namespace SipStreamApp.Security.Access;

/// <summary>
/// Stands in front of all endpoints: finds out who asks, looks into <see cref="AccessRules"/>, lets through or answers 401, 403, 429 or the
/// login page, and notes what changed state. Where no login is required it only notes.
/// </summary>
internal sealed class AccessGate(
    SecuritySettings security, OriginRule origins, UserStore users, ApiKeyStore keys, PlayAccess play, SignInThrottle throttle, AuditLog audit, RightsWatch rights)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var need = AccessRules.Of(http.Request.Method, http.Request.Path, RequestGuardSetup.IsUpgrade(http.Request));
        var address = Caller.AddressOf(http);
        if (!security.LoginRequired)
        {
            Caller.Set(http, Caller.Nobody(address, Scopes.All));
            await PassAsync(http, need, next);
            return;
        }

        var (caller, wrongKey) = await IdentifyAsync(http, address);
        Caller.Set(http, caller);

        // What lasts ends with the right it came by. A session of the Web SDK sees to that itself, and tells its client why.
        using var held = need.Kind != NeedKind.Client && Lasts(http.Request) ? rights.Hold(caller, http.Abort) : null;
        if (need.Kind == NeedKind.Open || HttpMethods.IsOptions(http.Request.Method)) await next(http);
        else if (throttle.WaitOf(address) is var wait && wait > TimeSpan.Zero && caller.Kind == CallerKind.Nobody) await SlowDownAsync(http, wait);
        else if (wrongKey) await RefuseKeyAsync(http, address);
        else if (need.Kind == NeedKind.Play) await PlayAsync(http, need, caller, next);
        else if (need.Kind == NeedKind.Client) await ConnectAsync(http, need, caller, next);
        else if (caller.May(need.Scope) || (need.Kind == NeedKind.Api && security.AnonymousRest && !need.Scope.HasFlag(Scopes.Admin))) await PassAsync(http, need, next);
        else await TurnAwayAsync(http, need, caller, next);
    }

    private async Task<(Caller Caller, bool WrongKey)> IdentifyAsync(HttpContext http, string address)
    {
        if (ApiKeyHeader.Read(http.Request.Headers) is { } secret)
        {
            // An address that has guessed wrong too often is not even looked at.
            if (throttle.WaitOf(address) > TimeSpan.Zero) return (Caller.Nobody(address), true);
            return await keys.FindAsync(secret, http.RequestAborted) is { } key
                ? (new Caller(CallerKind.Key, key.Name, key.Scopes, address) { Id = key.Id }, false)
                : (Caller.Nobody(address), true);
        }

        return SessionCookie.Read(http.User) is var (id, stamp) && await users.FindAsync(id, stamp, http.RequestAborted) is { } user
            ? (new Caller(CallerKind.User, user.Name, user.Role.Scopes(), address) { Id = id.ToString(CultureInfo.InvariantCulture), Stamp = stamp }, false)
            : (Caller.Nobody(address), false);
    }

    private static bool Lasts(HttpRequest request) =>
        RequestGuardSetup.IsUpgrade(request) || request.Path.StartsWithSegments("/_blazor") || request.Path.StartsWithSegments("/live");

    private async Task PassAsync(HttpContext http, Need need, RequestDelegate next)
    {
        if (RequestGuard.IsSafe(http.Request.Method) || need.Kind is NeedKind.Open or NeedKind.Page or NeedKind.Play || need.Scope == Scopes.Read)
        {
            await next(http);
            return;
        }

        await next(http);
        Note(http, http.Response.StatusCode);
    }

    // What the caller may do there is looked at message by message.
    private async Task ConnectAsync(HttpContext http, Need need, Caller caller, RequestDelegate next)
    {
        if (security.AnonymousRest) Caller.Set(http, caller with { Scopes = caller.Scopes | (Scopes.All & ~Scopes.Admin) });
        else if (caller.Kind == CallerKind.Nobody && await users.AnyAsync(http.RequestAborted) == false)
        {
            await TurnAwayAsync(http, need, caller, next);
            return;
        }

        await next(http);
    }

    private async Task PlayAsync(HttpContext http, Need need, Caller caller, RequestDelegate next)
    {
        var token = http.Request.Query["k"].ToString();
        var (failure, link) = await play.CheckAsync(caller, need.Stream!, token, http.RequestAborted);
        if (failure is not null)
        {
            if (failure.Code == "link-forged") throttle.Failed(caller.Address);
            await RefuseAsync(http, failure);
        }
        else if (link is null)
        {
            await next(http);
        }
        else
        {
            Caller.Set(http, caller with { Kind = CallerKind.Link, Name = link.Id });
            await play.ServeAsync(http, link, next, full => RefuseAsync(http, full));
        }
    }

    private async Task TurnAwayAsync(HttpContext http, Need need, Caller caller, RequestDelegate next)
    {
        var setUp = await users.AnyAsync(http.RequestAborted);
        if (need.Kind == NeedKind.Page && HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/_blazor"))
        {
            await TurnPageAwayAsync(http, need, caller, setUp, next);
            return;
        }

        if (!RequestGuard.IsSafe(http.Request.Method)) Note(http, caller.Kind == CallerKind.Nobody ? 401 : 403);
        if (setUp == false)
            await WriteAsync(http, 503, "setup-needed", "This server has no users yet", "Its console says how to make the first administrator.", null);
        else if (caller.Kind == CallerKind.Nobody) await ChallengeAsync(http, "login-needed", "An API key or a login is needed", "Send the key by Authorization: Bearer, X-Api-Key or HTTP Basic.");
        else await WriteAsync(http, 403, "not-allowed", "This is not allowed", $"It needs the right \"{need.Scope.Text()}\"; this {(caller.Kind == CallerKind.Key ? "key" : "user")} has \"{caller.Scopes.Text()}\".", null);
    }

    private static Task TurnPageAwayAsync(HttpContext http, Need need, Caller caller, bool? setUp, RequestDelegate next)
    {
        var request = http.Request;
        var wanted = request.Path + request.QueryString;
        if (setUp == false) http.Response.Redirect("/setup");
        else if (caller.Kind == CallerKind.Nobody) http.Response.Redirect(wanted is "/" or "" ? "/login" : "/login?return=" + Uri.EscapeDataString(wanted));
        else if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            // The same table lets GuardedRouteView show, in place of the page, which role it needs.
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return next(http);
        }
        else return SignInPages.RefuseAsync(http, need.Scope.LeastRole());

        return Task.CompletedTask;
    }

    private Task RefuseKeyAsync(HttpContext http, string address)
    {
        throttle.Failed(address);
        return ChallengeAsync(http, "key-refused", "This API key is unknown, expired or revoked", "Administrators make keys under Settings, Users & API keys.");
    }

    private Task RefuseAsync(HttpContext http, Failure failure) => failure.Code switch
    {
        "login-needed" or "link-needed" => WriteAsync(http, 401, failure.Code, failure.Title, failure.Advice, null),
        "link-full" or "database" => WriteAsync(http, 503, failure.Code, failure.Title, failure.Advice, TimeSpan.FromSeconds(10)),
        _ => WriteAsync(http, 403, failure.Code, failure.Title, failure.Advice, null),
    };

    private Task SlowDownAsync(HttpContext http, TimeSpan wait) =>
        WriteAsync(http, 429, "too-many-tries", "Too many wrong logins, keys or links from your address", "Wait a minute.", wait);

    private Task ChallengeAsync(HttpContext http, string code, string title, string detail)
    {
        // A browser would open its own password window over the page.
        http.Response.Headers.WWWAuthenticate = http.Request.Headers["Sec-Fetch-Mode"].Count > 0 ? "Bearer" : "Bearer, Basic realm=\"SipStreamApp\", charset=\"UTF-8\"";
        return WriteAsync(http, 401, code, title, detail, null);
    }

    // The gate stands before CORS: a page that may ask must also be able to read why not.
    private Task WriteAsync(HttpContext http, int status, string code, string title, string detail, TimeSpan? retryAfter)
    {
        if (http.Request.Headers.Origin.ToString() is { Length: > 0 } origin && origins.Allows(origin))
        {
            http.Response.Headers.AccessControlAllowOrigin = origin;
            http.Response.Headers.Vary = "Origin";
        }

        http.Response.Headers.CacheControl = "no-store";
        if (retryAfter is { } wait) http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(http, status, code, title, detail).ExecuteAsync(http);
    }

    private void Note(HttpContext http, int status)
    {
        var target = http.Items.TryGetValue(AuditTarget.Key, out var named) ? named as string : null;
        audit.Add(Caller.Of(http), $"{http.Request.Method} {http.Request.Path}", target, status);
    }
}

/// <summary>How an endpoint names what it worked on, for the audit table.</summary>
internal static class AuditTarget
{
    internal static readonly object Key = new();

    public static void Name(HttpContext http, string target) => http.Items[Key] = target;
}
