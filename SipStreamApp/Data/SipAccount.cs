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

    /// <summary>Calls for it are answered and become streams.</summary>
    public bool AnswersCalls { get; set; }

    /// <summary>Pattern of the stream's name; null for the usual one (<see cref="AnswerRule.DefaultStream"/>).</summary>
    public string? AnswerStream { get; set; }

    /// <summary>Patterns of callers who are answered, separated by commas; null for everybody.</summary>
    public string? AnswerCallers { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? PasswordSetAt { get; set; }

    /// <summary>Set while a deletion can still be undone.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}
