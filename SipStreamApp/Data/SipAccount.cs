using SipStreamApp.Media.Calls;

namespace SipStreamApp.Data;

/// <summary>A saved SIP identity, as the database holds it.</summary>
internal sealed class SipAccount
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public required string Login { get; set; }
    public required string Domain { get; set; }
    public string? AuthenticationName { get; set; }

    /// <summary>Encrypted by Data Protection; null where there is no password.</summary>
    public string? ProtectedPassword { get; set; }
    public string? OutboundProxy { get; set; }
    public int? Port { get; set; }
    public SipTransportChoice Transport { get; set; }
    public bool RegisterRequired { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? PasswordSetAt { get; set; }

    /// <summary>Set while a deletion can still be undone.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}
