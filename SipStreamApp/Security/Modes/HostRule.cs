using System.Net;

namespace SipStreamApp.Security.Modes;

/// <summary>Names this server answers to (Security:AllowedHosts): exact names, addresses, "*.example.org" for subdomains, "*" for all.</summary>
internal sealed class HostRule
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _endings = [];
    private bool _all;

    private HostRule()
    {
    }

    /// <summary>No name beside those of this machine.</summary>
    public static HostRule None { get; } = new();

    /// <summary>True where no name is given.</summary>
    public bool IsEmpty => !_all && _names.Count == 0 && _endings.Count == 0;

    /// <summary>Reads the list; false with the entry that is no host name.</summary>
    public static bool TryParse(IEnumerable<string> entries, out HostRule rule, out string? wrong)
    {
        rule = new HostRule();
        wrong = null;
        foreach (var entry in entries.SelectMany(e => e.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries)))
        {
            var name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry;
            if (entry == "*") rule._all = true;
            else if (Uri.CheckHostName(name.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                wrong = entry;
                return false;
            }
            else if (name.Length < entry.Length) rule._endings.Add("." + name);
            else rule._names.Add(name.Trim('[', ']'));
        }

        return true;
    }

    /// <summary>True for a name of the list; without a port.</summary>
    public bool Allows(string host)
    {
        var plain = host.Trim('[', ']').TrimEnd('.');
        return _all || _names.Contains(plain) || _endings.Any(e => plain.EndsWith(e, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>True for a literal address: no name, so nobody's name server can move it (DNS rebinding).</summary>
    public static bool IsAddress(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _);
}
