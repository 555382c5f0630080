using System.IO.Enumeration;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <summary>
/// Who may be called (sections Calls): against calls to paid numbers. Held for every way a call is placed or passed on. A 3xx answer is
/// never followed, so nobody else can choose the callee. Pure.
/// </summary>
/// <param name="callees">Patterns of the part before the @, separated by commas; empty: everybody.</param>
/// <param name="domains">Domains and proxies, separated by commas; "*.example.org" for those below; empty: anywhere.</param>
internal sealed class CallRules(string callees, string domains)
{
    private readonly string[] _callees = Split(callees);
    private readonly string[] _domains = Split(domains);

    /// <summary>Nobody is refused.</summary>
    public static CallRules None { get; } = new("", "");

    /// <summary>Why this call may not be placed, or null. What is no address is left to those who say so better.</summary>
    public Failure? Check(CallRequest request)
    {
        if (_callees.Length + _domains.Length == 0 || !SipAddresses.TryFrom(request.Identity, out var addresses, out _) || !addresses.TryCallee(request.Callee, out var callee)) return null;
        return Check(callee, addresses, "callee") ?? (request.Identity.RegisterRequired ? CheckRegistration(addresses) : null);
    }

    /// <summary>Why an identity may not be registered there, or null: a REGISTER goes to whatever host somebody named, with an answer to its challenge.</summary>
    public Failure? CheckRegistration(SipAddresses who)
    {
        if (_domains.Length == 0) return null;
        var (host, field) = Allows(who.Registrar.Host) ? (who.Proxy?.Host, "sipOutboundProxy") : (who.Registrar.Host, "sipDomain");
        if (host is null || Allows(host)) return null;
        return new Failure("domain-not-allowed", Blame.Caller, $"Calls:AllowedDomains lets no registration go to \"{Short(host)}\"", "The list names the servers that may be called and registered at.") { Field = field };
    }

    /// <summary>Why a call may not go there, or null.</summary>
    /// <param name="callee">Who is called.</param>
    /// <param name="caller">By way of whom.</param>
    /// <param name="field">The field that named the callee.</param>
    public Failure? Check(SipUri callee, SipAddresses caller, string field)
    {
        var user = Uri.UnescapeDataString(callee.User);
        if (_callees.Length > 0 && !Array.Exists(_callees, p => FileSystemName.MatchesSimpleExpression(p, user)))
            return new Failure("callee-not-allowed", Blame.Caller, $"\"{Short(user)}\" may not be called", "The key Calls:AllowedCallees says who may.") { Field = field };
        if (_domains.Length == 0) return null;
        if (!Allows(callee.Host)) return Refused(callee.Host, field);
        return caller.Proxy is { } proxy && !Allows(proxy.Host) ? Refused(proxy.Host, "sipOutboundProxy") : null;
    }

    private bool Allows(string host)
    {
        var plain = host.Trim('[', ']').TrimEnd('.');
        return Array.Exists(_domains, d => d.StartsWith("*.", StringComparison.Ordinal)
            ? plain.EndsWith(d[1..], StringComparison.OrdinalIgnoreCase)
            : plain.Equals(d.Trim('[', ']'), StringComparison.OrdinalIgnoreCase));
    }

    private static Failure Refused(string host, string field) =>
        new("domain-not-allowed", Blame.Caller, $"Calls may not go to \"{Short(host)}\"", "The key Calls:AllowedDomains says where they may.") { Field = field };

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
