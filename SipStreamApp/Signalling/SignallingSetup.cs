using System.Net;
using System.Net.WebSockets;
using SipStreamApp.Api;
using SipStreamApp.Hosting;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling.Driver;

namespace SipStreamApp.Signalling;

/// <summary>Services and pipeline of the Web SDK's WebSocket. It shares the address of the home page: only an upgrade is taken.</summary>
internal static class SignallingSetup
{
    public static void AddSignalling(this IServiceCollection services)
    {
        services.AddSingleton<ClientAccess>();
        services.AddSingleton<ClientSessions>();
        services.AddSingleton<IClientSessions>(s => s.GetRequiredService<ClientSessions>());
        services.AddHostedService(s => s.GetRequiredService<ClientSessions>());
    }

    /// <summary>Takes WebSocket upgrades on the root and on single names; everything else passes.</summary>
    public static void UseSignalling(this IApplicationBuilder app)
    {
        app.UseWebSockets();
        app.Use(static (http, next) => http.WebSockets.IsWebSocketRequest && AccessRules.IsClientSocket(http.Request.Path) ? AcceptAsync(http) : next(http));
    }

    private static async Task AcceptAsync(HttpContext http)
    {
        var sessions = http.RequestServices.GetRequiredService<ClientSessions>();
        var settings = http.RequestServices.GetRequiredService<AppSettings>();
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        if (!SocketOrigin.IsAllowed(http.Request, settings.CorsOrigins))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var caller = Caller.Of(http);
        using var seat = sessions.Places.TryTake(isKnown: caller.Scopes != Scopes.None);
        if (seat is null)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            // The SDK's own pings keep the connection alive.
            using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.Zero });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            await sessions.ServeAsync(socket, PlaceOf(http.Connection, caller, seat.Known), stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Gone before it said anything, or the server stops.
        }
    }

    private static ClientPlace PlaceOf(ConnectionInfo connection, Caller caller, Action known) => new(
        connection.LocalIpAddress,
        connection.RemoteIpAddress is { } remote ? new IPEndPoint(remote, connection.RemotePort).ToString() : "",
        caller, known);
}
