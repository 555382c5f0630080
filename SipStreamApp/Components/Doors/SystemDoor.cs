using SipStreamApp.Data;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Modes;
using SipStreamApp.Signalling;

namespace SipStreamApp.Components.Doors;

/// <summary>What every page may know of the program itself.</summary>
internal sealed class SystemDoor(PageRights rights, Database database, SecuritySettings security, IClientSessions sessions) : Door(rights)
{
    /// <summary>What is wrong with the database; null: nothing.</summary>
    [ForViewers]
    public string? DatabaseProblem => database.Problem;

    [ForViewers]
    public bool LoginRequired => security.LoginRequired;

    /// <summary>REST needs no key.</summary>
    [ForViewers]
    public bool AnonymousRest => security.AnonymousRest;

    /// <summary>Who may play streams once users are required.</summary>
    [ForViewers]
    public PlaybackAccess Playback => security.Playback;

    /// <summary>Ids of Web SDK sessions.</summary>
    [ForViewers]
    public IReadOnlyList<string> Sessions => [.. sessions.All.Select(s => s.SessionId)];
}
