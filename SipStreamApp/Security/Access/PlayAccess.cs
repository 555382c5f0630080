using System.Globalization;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Access;

/// <summary>
/// Whether somebody may play a stream: the one answer for WHEP, HLS, MSE, still pictures and what else carries a stream to a viewer.
/// </summary>
internal sealed class PlayAccess(SecuritySettings security, PlayLinkStore links, LinkSeats seats)
{
    /// <summary>Null where he may; else why not: "login-needed", "link-needed", or the codes of <see cref="PlayLinkStore.CheckAsync"/>.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="token">The token of a link, or null.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(Failure? Failure, PlayLink? Link)> CheckAsync(Caller caller, string stream, string? token, CancellationToken cancel)
    {
        if (!security.LoginRequired || security.Playback == PlaybackAccess.Public || caller.May(Scopes.Play)) return (null, null);
        if (security.Playback == PlaybackAccess.User) return (LoginNeeded, null);
        if (string.IsNullOrEmpty(token)) return (LinkNeeded, null);
        var link = await links.CheckAsync(token, stream, cancel);
        return link.Succeeded ? (null, link.Value) : (link.Failures[0], null);
    }

    /// <summary>Serves a player who came by a link, and counts him as long as he watches.</summary>
    public async Task ServeAsync(HttpContext http, PlayLink link, RequestDelegate next, Func<Failure, Task> refuse)
    {
        var path = http.Request.Path;
        if (path.StartsWithSegments("/whep") && HttpMethods.IsPost(http.Request.Method)) await ServeWhepAsync(http, link, next, refuse);
        else if (path.StartsWithSegments("/mse")) await ServeSocketAsync(http, link, next, refuse);
        else if (path.Value?.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase) != true) await next(http);
        else if (!seats.TryTake(link, "hls " + Caller.AddressOf(http), SeatKind.Polling)) await refuse(Full(link));
        else await PlaylistKeys.ServeAsync(http, next, http.Request.Query["k"].ToString());
    }

    private async Task ServeWhepAsync(HttpContext http, PlayLink link, RequestDelegate next, Func<Failure, Task> refuse)
    {
        var seat = "new " + http.TraceIdentifier;
        if (!seats.TryTake(link, seat, SeatKind.Request))
        {
            await refuse(Full(link));
            return;
        }

        string? session = null;
        try
        {
            await next(http);
            if (http.Response.StatusCode == StatusCodes.Status201Created) session = Uri.UnescapeDataString(http.Response.Headers.Location.ToString().Split('/')[^1]);
        }
        finally
        {
            seats.Seated(link.Id, seat, session);
        }
    }

    private async Task ServeSocketAsync(HttpContext http, PlayLink link, RequestDelegate next, Func<Failure, Task> refuse)
    {
        var seat = "socket " + http.TraceIdentifier;
        if (!seats.TryTake(link, seat, SeatKind.Request, http.Abort))
        {
            await refuse(Full(link));
            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            seats.Leave(link.Id, seat);
        }
    }

    private static Failure LoginNeeded { get; } = new("login-needed", Blame.Caller, "Sign in to watch", "This server shows streams to its users only.");

    private static Failure LinkNeeded { get; } = new("link-needed", Blame.Caller, "A link is needed to watch", "Ask whoever runs this server for one; it ends in k=…");

    private static Failure Full(PlayLink link) => new(
        "link-full", Blame.Caller, string.Create(CultureInfo.InvariantCulture, $"{link.MaxViewers} viewers watch by this link, which is all it allows"), "Try again when somebody has left.") { Retryable = true };
}
