using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Api;

/// <summary>Refuses players an operator sent away: 403 for a while.</summary>
internal static class RemovedViewersFilter
{
    public static ValueTask<object?> Invoke(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isPlaying = http.Request.RouteValues["stream"] is string stream && !HttpMethods.IsDelete(http.Request.Method)
            && http.RequestServices.GetRequiredService<RemovedViewers>().Refuses(stream, http.Connection.RemoteIpAddress);
        return isPlaying ? ValueTask.FromResult<object?>(Problems.From(http, [MediaEngine.ViewerRemoved])) : next(context);
    }
}
