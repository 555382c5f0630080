using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>Saved push targets for pages: for operators.</summary>
internal sealed class PushTargetDoor(PageRights rights, PushTargetStore store) : Door(rights)
{
    public Task<Outcome<PushTargetList>> ListAsync(CancellationToken cancel) => AskAsync(Scopes.Control, () => store.ListAsync(cancel));

    public Task<Outcome<PushTargetView>> SaveAsync(PushTargetDraft draft, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.SaveAsync(draft, cancel));

    public Task<Outcome<SavedPushTarget>> DeleteAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.DeleteAsync(id, cancel));

    public Task<Outcome<SavedPushTarget>> RestoreAsync(int id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.RestoreAsync(id, cancel));

    /// <summary>With its key, for a push.</summary>
    public Task<Outcome<PushRequest>> RequestAsync(int id, StreamName stream, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.RequestAsync(id, stream, cancel));
}
