using SipStreamApp.Media.Packaging;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Api;

/// <summary>Who plays over HTTP, from the request.</summary>
internal static class HttpPlayers
{
    private const int LongestAgent = 200;

    /// <summary>By the right he asks by as well: one who comes back with another link is another viewer.</summary>
    public static HttpPlayer Of(HttpContext http)
    {
        var caller = Caller.Of(http);
        var agent = http.Request.Headers.UserAgent.ToString();
        return new HttpPlayer(caller.Address, agent.Length > LongestAgent ? agent[..LongestAgent] : agent, caller.Owner ?? (caller.Kind == CallerKind.Nobody ? null : $"{caller.Kind}:{caller.Name}"));
    }
}
