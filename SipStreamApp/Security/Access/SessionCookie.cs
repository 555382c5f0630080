using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>The cookie of somebody who signed in: encrypted, not readable by scripts, not sent by pages of other sites.</summary>
internal static class SessionCookie
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    private const string Stamp = "stamp";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "ssa.session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(8);
        options.SlidingExpiration = true;
    }

    public static Task WriteAsync(HttpContext http, User user, bool keep)
    {
        var properties = new AuthenticationProperties { IsPersistent = keep };
        if (keep) properties.ExpiresUtc = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(30);
        return http.SignInAsync(Scheme, Principal(user), properties);
    }

    /// <summary>What the cookie says of a user.</summary>
    public static ClaimsPrincipal Principal(User user) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Name, user.Name),
            new(ClaimTypes.Role, user.Role.ToString()), new(Stamp, user.Stamp),
        ],
        Scheme));

    /// <summary>Which user a cookie names and by which stamp; null where there is none.</summary>
    public static (int Id, string Stamp)? Read(ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && principal.FindFirstValue(Stamp) is { } stamp
            ? (id, stamp)
            : null;
}
