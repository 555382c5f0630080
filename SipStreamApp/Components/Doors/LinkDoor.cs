using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>Signed links for pages. A list of them is a list of keys to the streams, so that it is for operators, too.</summary>
internal sealed class LinkDoor(PageRights rights, PlayLinkStore store, LinkSeats seats) : Door(rights)
{
    /// <summary>Viewers who watch by a link now.</summary>
    [ForViewers]
    public int Watching(string id) => seats.Count(id);

    public Task<Outcome<PlayLinkList>> ListAsync(CancellationToken cancel) => AskAsync(Scopes.Control, () => store.ListAsync(cancel));

    /// <summary>Makes one in the name of who asks.</summary>
    public Task<Outcome<SignedLink>> CreateAsync(string stream, TimeSpan life, int? maxViewers, string? label, CancellationToken cancel) =>
        AskAsync(Scopes.Control, () => store.CreateAsync(stream, life, maxViewers, label, Caller.Name, cancel));

    /// <summary>Takes one back and sends home who watches by it.</summary>
    public Task<Failure?> RevokeAsync(string id, CancellationToken cancel) => AskAsync(Scopes.Control, async () =>
    {
        var failure = await store.RevokeAsync(id, cancel);
        if (failure is null) seats.Clear(id);
        return failure;
    });
}
