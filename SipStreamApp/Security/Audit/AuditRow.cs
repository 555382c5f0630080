using SipStreamApp.Security.People;

namespace SipStreamApp.Security.Audit;

/// <summary>One thing somebody did, or was refused.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>User, name of the key, or "anonymous".</summary>
    public required string Who { get; set; }

    public CallerKind Kind { get; set; }

    /// <summary>"POST /rest-api/call/startup", "page: account.save", "sign-in".</summary>
    public required string Action { get; set; }

    /// <summary>What it was done to, where it is known.</summary>
    public string? Target { get; set; }

    /// <summary>HTTP status, or 200 and 500 for actions on pages.</summary>
    public int Status { get; set; }

    public required string Address { get; set; }

    public static AuditRow Of(Caller caller, DateTimeOffset at, string action, string? target, int status) => new()
    {
        At = at, Who = Cut(caller.Name, 100), Kind = caller.Kind, Action = Cut(action, 200), Target = target is null ? null : Cut(target, 200), Status = status, Address = Cut(caller.Address, 64),
    };

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}

/// <summary>A page of the audit table.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditRow> Rows);
