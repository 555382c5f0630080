using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SipStreamApp.Media.Outgoing;

/// <summary>Networks and hosts that are let in although they are private (Outgoing:Allowed): "10.1.0.0/16", "192.0.2.7", "media.lan", "*.lan".</summary>
internal sealed class AllowedTargets
{
    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _endings = [];

    /// <summary>Reads the list, separated by commas; false with the entry that is neither a network nor a host.</summary>
    public static bool TryParse(string text, out AllowedTargets allowed, [NotNullWhen(false)] out string? wrong)
    {
        (allowed, wrong) = (new AllowedTargets(), null);
        foreach (var entry in text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var plain = entry.Trim('[', ']');
            var name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry;
            if (IPAddress.TryParse(plain, out var one)) allowed._networks.Add(new IPNetwork(AddressKinds.Plain(one), AddressKinds.Plain(one).GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(plain, out var network)) allowed._networks.Add(network);
            else if (Uri.CheckHostName(name) is not UriHostNameType.Dns)
            {
                wrong = entry;
                return false;
            }
            else if (name.Length < entry.Length) allowed._endings.Add("." + name);
            else allowed._names.Add(name);
        }

        return true;
    }

    /// <summary>True for an address in one of the networks.</summary>
    public bool Contains(IPAddress address) => _networks.Exists(n => n.Contains(AddressKinds.Plain(address)));

    /// <summary>True for a host of the list, whatever private address it has.</summary>
    public bool Names(string host) => _names.Contains(host) || _endings.Exists(e => host.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
