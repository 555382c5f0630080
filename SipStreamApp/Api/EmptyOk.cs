namespace SipStreamApp.Api;

/// <summary>200 with Content-Length 0: what void methods answer.</summary>
internal sealed class EmptyOk : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
