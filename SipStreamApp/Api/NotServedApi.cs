namespace SipStreamApp.Api;

/// <summary>Groups of the WCS REST interface that lie outside of this product: 501 with what to do instead, so that a script does not take it for a wrong address.</summary>
internal static class NotServedApi
{
    private static readonly (string Path, string Instead)[] Groups =
    [
        ("/rtsp", "IP cameras are not captured here; streams come from SIP calls and browsers"),
        ("/mixer", "Streams are not mixed here"),
        ("/transcoder", "Pictures are not transcoded here; sound becomes AAC by itself where an output needs it"),
        ("/cdn", "There are no CDN nodes; one node holds all its streams"),
        ("/vod", "Files are not streamed from here; /call/inject_sound and /push/sound_on play sound files"),
        ("/pull", "Streams of other servers are not pulled; push them on with /push/startup instead"),
        ("/hls", "Nothing has to be started: every stream plays at /hls/{stream}/index.m3u8 and /{stream}/{stream}.m3u8"),
        ("/api", "Clients are not made by REST; place calls with /call/startup"),
        ("/jobs", "There are no jobs: every method answers when it is done"),
        ("/connection/set_log_level", "Log levels are set in the section Serilog of appsettings.json"),
    ];

    public static void MapNotServed(this IEndpointRouteBuilder rest)
    {
        foreach (var (path, instead) in Groups)
        {
            rest.Map(path, (HttpContext http) => Refuse(http, path, instead)).ExcludeFromDescription();
            rest.Map(path + "/{**rest}", (HttpContext http) => Refuse(http, path, instead)).ExcludeFromDescription();
        }
    }

    private static IResult Refuse(HttpContext http, string path, string instead) =>
        Problems.Of(http, StatusCodes.Status501NotImplemented, "not-served", $"{path} is not part of this product", instead);
}
