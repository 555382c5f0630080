using System.Text.Json.Nodes;

namespace SipStreamApp.Hooks;

/// <summary>The backend of an application (appKey), as Web Call Server calls it: one POST per hook.</summary>
internal interface IAppHooks
{
    /// <summary>
    /// Asks a command hook (<c>connect</c>, <c>playStream</c>, <c>call</c> …) and waits for its word, no longer than the time limit.
    /// Without a backend, and where the application excludes the hook, the answer is yes with the payload as it was.
    /// </summary>
    Task<HookReply> AskAsync(string appKey, string hook, JsonObject payload, CancellationToken cancel);

    /// <summary>Reports an event hook (<c>StreamStatusEvent</c> …). Queued: never waits, never throws.</summary>
    void Tell(string appKey, string hook, JsonObject payload);
}

/// <summary>What a backend said to a command hook.</summary>
/// <param name="Allowed">False: the operation is not carried out (restOnError FAIL).</param>
/// <param name="Payload">The message to go on with: the original, or with the fields the backend may overwrite.</param>
/// <param name="Reason">Why not, in plain words; null where allowed.</param>
internal sealed record HookReply(bool Allowed, JsonObject Payload, string? Reason = null);
