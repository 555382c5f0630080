using SipStreamApp.Security.People;

namespace SipStreamApp.Signalling.Session;

/// <summary>What a client may do: as its user or key says, and one stream more by a link.</summary>
/// <param name="Caller">Who it is.</param>
/// <param name="Link">Token of a signed link it came with; checked for every stream it asks for. Null where it has none.</param>
internal sealed record ClientRights(Caller Caller, string? Link = null)
{
    /// <summary>Everything: no login is required.</summary>
    public static ClientRights All { get; } = new(Caller.Nobody("", Scopes.All));

    /// <summary>True where it may do anything at all.</summary>
    public bool IsKnown => Link is not null || Caller.Scopes != Scopes.None;

    /// <summary>True where it may publish, record, register and call.</summary>
    public bool MayControl => Caller.May(Scopes.Control);
}
