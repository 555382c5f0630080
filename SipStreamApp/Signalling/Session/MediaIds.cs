using System.Collections.Concurrent;

namespace SipStreamApp.Signalling.Session;

/// <summary>The media session ids that are in use on this node: REST names a stream by them, so none may stand for two. Any thread.</summary>
internal sealed class MediaIds
{
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.Ordinal);

    /// <summary>Takes an id for a session; false where it is taken.</summary>
    public bool TryTake(string id, string sessionId) => _owners.TryAdd(id, sessionId);

    /// <summary>Gives an id back.</summary>
    public void Free(string id) => _owners.TryRemove(id, out _);

    /// <summary>The session an id belongs to, or null.</summary>
    public string? OwnerOf(string id) => _owners.GetValueOrDefault(id);
}
