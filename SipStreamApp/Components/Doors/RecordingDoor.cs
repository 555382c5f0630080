using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>Recordings for pages: viewers see and play them, operators delete them.</summary>
internal sealed class RecordingDoor(PageRights rights, RecordingStore store) : Door(rights)
{
    [ForViewers]
    public Task<Outcome<List<RecordingSnapshot>>> ListAsync(CancellationToken cancel) => store.ListAsync(cancel);

    [ForViewers]
    public Task<Outcome<RecordingDisk>> DiskAsync(CancellationToken cancel) => store.DiskAsync(cancel);

    public Task<Outcome<OldRecordings>> OlderAsync(DateTimeOffset endedBefore, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.OlderAsync(endedBefore, cancel));

    public Task<Outcome<RecordingRecord>> DeleteAsync(string id, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.DeleteAsync(id, cancel));

    /// <summary>Deletes, or takes that back.</summary>
    public Task<Outcome<OldRecordings>> MarkAsync(IReadOnlyList<string> ids, bool deleted, CancellationToken cancel) => AskAsync(Scopes.Control, () => store.MarkAsync(ids, deleted, cancel));
}
