using SipStreamApp.Hosting;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/connection</c> and <c>/rest-api/data/send</c>: the sessions of Web SDK clients.</summary>
internal static class ConnectionApi
{
    public static void MapConnections(this IEndpointRouteBuilder rest)
    {
        var group = rest.MapGroup("/connection").WithTags("Connection");
        group.MapPost("/find", Find).WithSummary("Find client sessions").WithMetadata(new BodyDoc(typeof(ConnectionFilterDoc))).Produces<ConnectionObject[]>().Documented(404);
        group.MapMethods("/find_all", [HttpMethods.Get, HttpMethods.Post], FindAll).WithSummary("All client sessions").Produces<ConnectionObject[]>().Documented(404);
        group.MapPost("/terminate", Terminate).WithSummary("Close a client session").WithMetadata(new BodyDoc(typeof(ConnectionIdDoc))).Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/find", "/terminate"]) group.RefuseOthers(path, "POST");
        group.RefuseOthers("/find_all", "GET", "POST");

        var data = rest.MapGroup("/data").WithTags("Connection");
        data.MapPost("/send", Send).WithSummary("Send data to client sessions").WithMetadata(new BodyDoc(typeof(DataDoc))).Produces(200).Documented(404, 500);
        data.RefuseOthers("/send", "POST");
    }

    private static async Task<IResult> Find(HttpContext http, IClientSessions sessions, NodeIdentity node)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.ConnectionFilterBody);
        if (body is null) return error!;
        return List(http, sessions.All.Where(s => Is(body.SessionId, s.SessionId) && Is(body.AppKey, s.AppKey) && Is(body.SipLogin, s.SipLogin) && Is(body.Status, "ESTABLISHED")), node);
    }

    private static IResult FindAll(HttpContext http, IClientSessions sessions, NodeIdentity node) => List(http, sessions.All, node);

    private static async Task<IResult> Terminate(HttpContext http, IClientSessions sessions)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.ConnectionFilterBody);
        if (body is null) return error!;
        if (body.SessionId.IsEmpty) return Problems.Field(http, "sessionId", "is required");
        return sessions.Terminate(body.SessionId.Text!.Trim()) ? new EmptyOk() : NoSession(http);
    }

    private static async Task<IResult> Send(HttpContext http, IClientSessions sessions)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.DataBody);
        if (body is null) return error!;
        HashSet<string> ids = [.. (body.SessionIds ?? []).Append(body.SessionId).Where(i => !i.IsEmpty).Select(i => i.Text!.Trim())];
        if (ids.Count == 0) return Problems.Field(http, "sessionId", "is required, or sessionIds");
        var operation = body.OperationId.IsEmpty ? Guid.CreateVersion7().ToString() : body.OperationId.Text!.Trim();
        var sent = false;
        foreach (var id in ids) sent |= sessions.SendData(id, operation, body.Payload);
        return sent ? new EmptyOk() : NoSession(http);
    }

    private static bool Is(LooseValue wanted, string? value) => wanted.IsEmpty || wanted.Text?.Trim() == value;

    private static IResult List(HttpContext http, IEnumerable<ClientSessionInfo> sessions, NodeIdentity node)
    {
        ConnectionObject[] found = [.. sessions.Select(s => ConnectionObject.From(s, node.Id))];
        return found.Length == 0 ? NoSession(http) : TypedResults.Json(found, ApiJson.Default.ConnectionObjectArray);
    }

    private static IResult NoSession(HttpContext http) => Problems.Of(http, 404, "session-not-found", "No such session", "It was closed or never was");
}
