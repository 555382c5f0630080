using SipStreamApp.Media.Calls;

namespace SipStreamApp.Data;

/// <summary>A saved account as pages see it: everything but the password.</summary>
internal sealed record AccountView(
    int Id, string Name, string Login, string Domain, string? AuthenticationName, string? OutboundProxy, int? Port,
    SipTransportChoice Transport, bool RegisterRequired, bool HasPassword, DateTimeOffset? PasswordSetAt)
{
    /// <summary>How calls for it are answered; null where they are not.</summary>
    public AnswerRule? Answers { get; init; }
}

/// <summary>All saved accounts.</summary>
internal sealed record AccountList(IReadOnlyList<AccountView> Accounts);

/// <summary>An account as a form fills it. Id 0: a new one. Password null: leave as it is; empty: none.</summary>
internal sealed class AccountDraft
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    public string Login { get; set; } = "";
    public string Domain { get; set; } = "";
    public string? AuthenticationName { get; set; }
    public string? Password { get; set; }
    public string? OutboundProxy { get; set; }
    public int? Port { get; set; }
    public SipTransportChoice Transport { get; set; }
    public bool RegisterRequired { get; set; }
    public bool AnswersCalls { get; set; }
    public string? AnswerStream { get; set; }
    public string? AnswerCallers { get; set; }

    public static AccountDraft From(AccountView account) => new()
    {
        Id = account.Id, Name = account.Name, Login = account.Login, Domain = account.Domain, AuthenticationName = account.AuthenticationName,
        OutboundProxy = account.OutboundProxy, Port = account.Port, Transport = account.Transport, RegisterRequired = account.RegisterRequired,
        AnswersCalls = account.Answers is not null, AnswerStream = account.Answers?.Stream, AnswerCallers = account.Answers?.Callers,
    };

    /// <summary>What is wrong, by field; empty where it can be saved.</summary>
    public IReadOnlyDictionary<string, string> Check()
    {
        var errors = new Dictionary<string, string>();
        if (string.IsNullOrWhiteSpace(Login)) errors[nameof(Login)] = "Enter the SIP login";
        else if (Login.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '@' or '<' or '>')) errors[nameof(Login)] = "Only the part before the @, without spaces";
        if (string.IsNullOrWhiteSpace(Domain)) errors[nameof(Domain)] = "Enter the SIP domain";
        else if (Domain.Any(c => char.IsWhiteSpace(c) || c is '@' or '/' or '<')) errors[nameof(Domain)] = "A host name or an address, such as sip.example.org";
        if (Port is < 1 or > 65535) errors[nameof(Port)] = "1 to 65535, or empty";
        if (!string.IsNullOrWhiteSpace(AnswerStream) && AnswerRule.Check(AnswerStream.Trim()) is { } wrong) errors[nameof(AnswerStream)] = wrong;
        return errors;
    }
}
