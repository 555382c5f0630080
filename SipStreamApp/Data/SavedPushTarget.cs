namespace SipStreamApp.Data;

/// <summary>A saved target of pushes, as the database holds it.</summary>
internal sealed class SavedPushTarget
{
    public int Id { get; set; }
    public required string Name { get; set; }

    /// <summary>Server and application; holds no secret.</summary>
    public required string Address { get; set; }

    /// <summary>The stream key, encrypted by Data Protection; null where there is none.</summary>
    public string? ProtectedKey { get; set; }
    public DateTimeOffset? KeySetAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set while a deletion can still be undone.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}
